"use server";
import { action } from "@/lib/action";
import { CreateToken, TokenId } from "@/lib/tokens/schema";
import { createToken, revokeToken, rotateToken } from "@/lib/tokens/tokens";
import { refreshed } from "../refreshed";

export const addToken = action(CreateToken, refreshed(createToken));
export const endToken = action(TokenId, refreshed(revokeToken));
export const renewToken = action(TokenId, refreshed(rotateToken));
