"use server";
import { action } from "@/lib/action";
import { revokeBadge } from "@/lib/badges/badges";
import { BadgeId } from "@/lib/badges/schema";
import { refreshed } from "../refreshed";

export const revokeBadgeAction = action("badges.write", BadgeId, refreshed(revokeBadge));
