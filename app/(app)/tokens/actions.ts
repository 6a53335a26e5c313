"use server";
import { action } from "@/lib/action";
import { CreateToken, TokenId } from "@/lib/tokens/schema";
import { createToken, revokeToken, rotateToken } from "@/lib/tokens/tokens";
import { refreshed } from "../refreshed";

export const createTokenAction = action(CreateToken, refreshed(createToken));
export const revokeTokenAction = action(TokenId, refreshed(revokeToken));
export const rotateTokenAction = action(TokenId, refreshed(rotateToken));
