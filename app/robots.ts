import type { MetadataRoute } from "next";

/** Strangers meet the login page alone; addresses that carry a secret are nobody's to keep. */
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: "*", allow: "/", disallow: ["/api/", "/badge/", "/reset-password", "/confirm-email"] } };
}
