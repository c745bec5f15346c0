import {
  Bell,
  CalendarDays,
  CircleAlert,
  CircleCheckBig,
  ListTodo,
  Settings,
  Sun,
  Trash2,
  type LucideIcon,
} from "lucide-react";

export type PageId = "today" | "upcoming" | "overdue" | "all" | "completed" | "trash" | "notifications" | "settings";

/** The views that show how many tasks they have. */
export type CountedView = "today" | "overdue" | "all";

export interface Page {
  id: PageId;
  href: string;
  icon: LucideIcon;
  shortcut: string;
  counted?: CountedView;
}

/** The views of tasks, in the order of the navigation. */
export const VIEWS: readonly Page[] = [
  { id: "today", href: "/today", icon: Sun, shortcut: "g t", counted: "today" },
  { id: "upcoming", href: "/upcoming", icon: CalendarDays, shortcut: "g u" },
  { id: "overdue", href: "/overdue", icon: CircleAlert, shortcut: "g o", counted: "overdue" },
  { id: "all", href: "/tasks", icon: ListTodo, shortcut: "g a", counted: "all" },
  { id: "completed", href: "/completed", icon: CircleCheckBig, shortcut: "g c" },
  { id: "trash", href: "/trash", icon: Trash2, shortcut: "g d" },
];

export const NOTIFICATIONS: Page = { id: "notifications", href: "/notifications", icon: Bell, shortcut: "g n" };
export const SETTINGS: Page = { id: "settings", href: "/settings", icon: Settings, shortcut: "g s" };

export const PAGES: readonly Page[] = [...VIEWS, NOTIFICATIONS, SETTINGS];

/** The pages that a phone has in its bar; all others are under More. */
export const BAR = ["today", "upcoming", "all"] as const satisfies readonly PageId[];

/** Whether a page is in the bar of a phone. */
export function isInBar(id: PageId): boolean {
  return BAR.some((each) => each === id);
}

/** The page that a path shows. */
export function pageOf(pathname: string): Page | undefined {
  return PAGES.find((page) => pathname === page.href || pathname.startsWith(`${page.href}/`));
}
