import type { MetadataRoute } from "next";

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "OpenRouter Monitor",
    short_name: "Monitor",
    description: "What your OpenRouter keys spend, by key, model and day.",
    start_url: "/dashboard",
    display: "standalone",
    background_color: "#0c0e13",
    theme_color: "#4338ca",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "maskable" },
    ],
  };
}
