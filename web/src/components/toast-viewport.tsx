"use client";

import * as Radix from "radix-ui/toast";
import clsx from "clsx";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useTranslations } from "next-intl";

import { IconButton } from "./icon-button";
import { useShownToasts, useToast, type Toast } from "./toast";

/** Where toasts are shown. F8 moves the focus to them. */
export function ToastViewport() {
  const t = useTranslations("components.toast");
  const toasts = useShownToasts();
  return (
    <Radix.Provider label={t("label")} duration={DURATION} swipeDirection="down">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <Radix.Viewport
        label={t("viewport", { hotkey: "{hotkey}" })}
        className="pointer-events-none fixed inset-x-0 bottom-[calc(4rem+env(safe-area-inset-bottom))] z-[60] mx-auto flex w-full max-w-md flex-col gap-2 px-3 outline-none md:bottom-4"
      />
    </Radix.Provider>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const t = useTranslations("components");
  const { dismiss } = useToast();
  return (
    <Radix.Root
      type={toast.tone === "danger" ? "foreground" : "background"}
      duration={toast.duration ?? (toast.action ? DURATION_WITH_ACTION : DURATION)}
      onOpenChange={(open) => {
        if (!open) dismiss(toast.id);
      }}
      className="pointer-events-auto flex rise-in items-center gap-3 rounded-lg border border-line bg-raised py-2 ps-4 pe-2 text-sm shadow-dialog focus-ring data-[swipe=move]:translate-y-(--radix-toast-swipe-move-y)"
    >
      {toast.tone && toast.tone !== "neutral" && <ToneIcon tone={toast.tone} />}
      <div className="min-w-0 flex-1 py-1">
        <Radix.Title className="font-medium break-words text-ink">{toast.title}</Radix.Title>
        {toast.description && (
          <Radix.Description className="mt-0.5 break-words text-ink-muted">{toast.description}</Radix.Description>
        )}
      </div>
      {toast.action && (
        <Radix.Action
          altText={toast.action.label}
          onClick={toast.action.onAction}
          className="min-h-8 shrink-0 cursor-pointer rounded-md px-3 font-semibold text-accent-ink focus-ring hover:bg-hover pointer-coarse:min-h-11"
        >
          {toast.action.label}
        </Radix.Action>
      )}
      <IconButton size="sm" label={t("close")} icon={<X />} onClick={() => dismiss(toast.id)} />
    </Radix.Root>
  );
}

function ToneIcon({ tone }: { tone: "success" | "danger" }) {
  const Icon = tone === "danger" ? CircleAlert : CircleCheck;
  return (
    <Icon
      aria-hidden="true"
      className={clsx("size-5 shrink-0", tone === "danger" ? "text-danger-ink" : "text-success-ink")}
    />
  );
}

const DURATION = 5000;
const DURATION_WITH_ACTION = 8000;
