import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";

import { NotificationSchema, type Notification } from "@/gen/errand/v1/notification_pb";

import { putNotification, readThrough, removeNotification, type NotificationPages } from "./pages";
import { SeenNotifications } from "./seen";

function notification(
  id: string,
  second: number,
  more: Partial<{ read: boolean; version: number }> = {},
): Notification {
  const { read = false, version = 1 } = more;
  return create(NotificationSchema, {
    id,
    createdAt: timestampFromMs(second * 1000),
    read,
    version: BigInt(version),
  });
}

function pages(...of: Notification[][]): NotificationPages {
  return {
    pages: of.map((notifications, index) => ({
      notifications,
      nextPageToken: index < of.length - 1 ? `page-${index + 1}` : "",
    })),
    pageParams: of.map((_, index) => (index === 0 ? "" : `page-${index}`)),
  };
}

const ids = (list: NotificationPages) => list.pages.map((page) => page.notifications.map((each) => each.id));

describe("a notification", () => {
  const list = pages([notification("d", 40), notification("c", 30)], [notification("a", 10)]);

  test("that is new comes where it belongs", () => {
    expect(ids(putNotification(list, notification("e", 50), "all"))).toEqual([["e", "d", "c"], ["a"]]);
    expect(ids(putNotification(list, notification("b", 20), "all"))).toEqual([
      ["d", "c"],
      ["b", "a"],
    ]);
    expect(ids(putNotification(list, notification("0", 5), "all"))).toEqual([
      ["d", "c"],
      ["a", "0"],
    ]);
    expect(ids(putNotification(pages([]), notification("e", 50), "all"))).toEqual([["e"]]);
  });

  test("that is older than all that is loaded waits for its page", () => {
    const [first] = list.pages;
    const loaded: NotificationPages = { pages: first ? [{ ...first, nextPageToken: "more" }] : [], pageParams: [""] };
    expect(putNotification(loaded, notification("a", 10), "all")).toBe(loaded);
  });

  test("that is read comes not into the list of the unread", () => {
    expect(putNotification(list, notification("e", 50, { read: true }), "unread")).toBe(list);
  });

  test("takes its place with a later state, never with an earlier one", () => {
    const read = putNotification(list, notification("c", 30, { read: true, version: 3 }), "all");
    expect(read.pages[0]?.notifications[1]?.read).toBe(true);
    expect(putNotification(read, notification("c", 30, { version: 2 }), "all")).toBe(read);
  });

  test("leaves when it is deleted", () => {
    expect(ids(removeNotification(list, "c"))).toEqual([["d"], ["a"]]);
    expect(removeNotification(list, "unknown")).toBe(list);
  });

  test("is read with all up to a moment", () => {
    const read = readThrough(list, 30_000).pages.flatMap((page) => page.notifications);
    expect(read.map((each) => [each.id, each.read])).toEqual([
      ["d", false],
      ["c", true],
      ["a", true],
    ]);
  });
});

describe("a page that arrives late", () => {
  test("is put right by what was seen meanwhile", () => {
    const seen = new SeenNotifications();
    seen.put(notification("c", 30, { read: true, version: 2 }));
    seen.delete("d");
    seen.put(notification("d", 40, { version: 9 }));
    const page = seen.correct({ notifications: [notification("d", 40), notification("c", 30)], nextPageToken: "" });
    expect(page.notifications.map((each) => [each.id, each.read])).toEqual([["c", true]]);
  });

  test("keeps what is later than what was seen", () => {
    const seen = new SeenNotifications();
    seen.put(notification("c", 30));
    const page = seen.correct({
      notifications: [notification("c", 30, { version: 4, read: true })],
      nextPageToken: "",
    });
    expect(page.notifications[0]?.read).toBe(true);
  });
});
