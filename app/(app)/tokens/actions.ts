"use server";
import { action } from "@/lib/action";
import { CreateToken, TokenId } from "@/lib/tokens/schema";
import { createToken, revokeToken, rotateToken } from "@/lib/tokens/tokens";
import { refreshed } from "../refreshed";

export const createTokenAction = action("tokens.write", CreateToken, refreshed(createToken));
export const revokeTokenAction = action("tokens.write", TokenId, refreshed(revokeToken));
export const rotateTokenAction = action("tokens.write", TokenId, refreshed(rotateToken));
