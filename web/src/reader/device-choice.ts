/** A choice that is kept in this browser, since it is a matter of the device. */
export interface DeviceChoice {
  /** What was chosen; nothing where nothing was, or where the browser keeps nothing. */
  get: () => string | null;
  /** Keeps a choice, or takes it back. */
  set: (value: string | null) => void;
  /** Tells of changes, those in other tabs included, until the function that it gives is called. */
  subscribe: (listener: () => void) => () => void;
}

export function deviceChoice(key: string): DeviceChoice {
  const listeners = new Set<() => void>();
  return {
    get: () => {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set: (value) => {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
      } catch {
        // A browser that keeps nothing stays with what is usual.
      }
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      addEventListener("storage", listener);
      return () => {
        listeners.delete(listener);
        removeEventListener("storage", listener);
      };
    },
  };
}
