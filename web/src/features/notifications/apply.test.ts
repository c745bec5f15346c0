import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, test } from "vitest";

import { UpdateAction, UpdateDataSchema, type UpdateData } from "@/gen/errand/v1/event_pb";
import { NotificationSchema, type Notification } from "@/gen/errand/v1/notification_pb";

import { applyUpdate } from "./apply";
import type { NotificationPages } from "./pages";
import { listKey, seenNotifications, UNREAD_COUNT_KEY } from "./queries";

let client: QueryClient;

beforeEach(() => {
  seenNotifications.forget();
  client = new QueryClient();
  client.setQueryData<number>(UNREAD_COUNT_KEY, 1);
  client.setQueryData<NotificationPages>(listKey("all"), {
    pages: [{ notifications: [notification("b", 20, 1, true), notification("a", 10)], nextPageToken: "" }],
    pageParams: [""],
  });
});

test("a new notification rings once, however often it is told", () => {
  const update = told(UpdateAction.CREATED, notification("c", 30));
  applyUpdate(client, update);
  applyUpdate(client, update);
  expect(shown()).toEqual(["c", "b read", "a"]);
  expect(unread()).toBe(2);
});

test("one that is read elsewhere is read here", () => {
  applyUpdate(client, told(UpdateAction.UPDATED, notification("a", 10, 2, true)));
  expect(shown()).toEqual(["b read", "a read"]);
  expect(unread()).toBe(0);
});

test("a state that is told late changes nothing", () => {
  applyUpdate(client, told(UpdateAction.UPDATED, notification("a", 10, 3, true)));
  applyUpdate(client, told(UpdateAction.UPDATED, notification("a", 10, 2)));
  expect(shown()).toEqual(["b read", "a read"]);
  expect(unread()).toBe(0);
});

test("a deletion takes it away and counts it once", () => {
  const update = told(UpdateAction.DELETED, notification("a", 10, 2));
  applyUpdate(client, update);
  applyUpdate(client, update);
  expect(shown()).toEqual(["b read"]);
  expect(unread()).toBe(0);
});

test("all up to a moment are read at once", () => {
  applyUpdate(client, told(UpdateAction.CREATED, notification("c", 30)));
  applyUpdate(client, readThrough(30));
  expect(shown()).toEqual(["c read", "b read", "a read"]);
  expect(unread()).toBe(0);
});

test("what came after that moment is not, and the count is asked for", () => {
  applyUpdate(client, told(UpdateAction.CREATED, notification("c", 30)));
  applyUpdate(client, readThrough(25));
  expect(shown()).toEqual(["c", "b read", "a read"]);
  expect(client.getQueryState(UNREAD_COUNT_KEY)?.isInvalidated).toBe(true);
});

test("the count is asked for where the page can't know it", () => {
  applyUpdate(client, told(UpdateAction.UPDATED, notification("old", 1, 2, true)));
  expect(client.getQueryState(UNREAD_COUNT_KEY)?.isInvalidated).toBe(true);
});

function notification(id: string, second: number, version = 1, read = false): Notification {
  return create(NotificationSchema, {
    id,
    createdAt: timestampFromMs(second * 1000),
    version: BigInt(version),
    read,
  });
}

function told(action: UpdateAction, value: Notification): UpdateData {
  return create(UpdateDataSchema, { action, item: { case: "notification", value } });
}

function readThrough(second: number): UpdateData {
  const through = timestampFromMs(second * 1000);
  return create(UpdateDataSchema, {
    action: UpdateAction.UPDATED,
    item: { case: "notificationsRead", value: { through } },
  });
}

function shown(): string[] {
  const pages = client.getQueryData<NotificationPages>(listKey("all"));
  return (pages?.pages ?? []).flatMap((page) => page.notifications.map(({ id, read }) => (read ? `${id} read` : id)));
}

function unread(): number | undefined {
  return client.getQueryData<number>(UNREAD_COUNT_KEY);
}
