import type { MetadataRoute } from "next";

/** How Errand is installed. Its colours are those of the theme's canvas and surface, in light. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: "/",
    name: "Errand",
    short_name: "Errand",
    start_url: "/today",
    scope: "/",
    display: "standalone",
    background_color: "#f6f6f8",
    theme_color: "#f6f6f8",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
      { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
      { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
      { src: "/icons/maskable-192.png", sizes: "192x192", type: "image/png", purpose: "maskable" },
      { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
}
