"use client";

import dynamic from "next/dynamic";
import { useState } from "react";

import { useShownToasts } from "@/components/toast";

const ToastViewport = dynamic(() => import("@/components/toast-viewport").then((module) => module.ToastViewport), {
  ssr: false,
});

/** The place of toasts, loaded with the first. */
export function Toasts() {
  const shown = useShownToasts().length > 0;
  const [used, setUsed] = useState(false);
  if (shown && !used) setUsed(true);
  return used ? <ToastViewport /> : null;
}
