"use client";

import { createStore } from "./store";

export interface ToastOptions {
  title: string;
  description?: string;
  /** What can be done about it, such as to undo it. */
  action?: { label: string; onAction: () => void };
  /** A danger is announced at once, all else when the reader has a pause. */
  tone?: "neutral" | "success" | "danger";
  /** How long it stays, in milliseconds. It stays longer while it is pointed at or has the focus. */
  duration?: number;
  /** A toast with the id of another takes its place. */
  id?: string;
}

export interface Toast extends ToastOptions {
  id: string;
}

export interface Toasts {
  /** Shows it and gives its id. */
  toast: (options: ToastOptions) => string;
  dismiss: (id: string) => void;
}

/** Says what has happened, at the edge of the page. `<ToastViewport>` in the frame shows it. */
export function useToast(): Toasts {
  return TOASTS;
}

/** The toasts that are shown, the newest last. */
export function useShownToasts(): readonly Toast[] {
  return store.use();
}

let count = 0;

const store = createStore<readonly Toast[]>([]);

const TOASTS: Toasts = {
  toast(options) {
    const id = options.id ?? `toast-${(count += 1)}`;
    const others = store.get().filter((toast) => toast.id !== id);
    store.set([...others, { ...options, id }].slice(-SHOWN_AT_MOST));
    return id;
  },
  dismiss(id) {
    store.set(store.get().filter((toast) => toast.id !== id));
  },
};

const SHOWN_AT_MOST = 3;
