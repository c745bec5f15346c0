import { timestampMs } from "@bufbuild/protobuf/wkt";
import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";

import { UpdateAction, type UpdateData } from "@/gen/errand/v1/event_pb";
import type { Task } from "@/gen/errand/v1/task_pb";

import { today } from "./day";
import { draftBecame } from "./identity";
import { cachedLists, historyKey, LISTS_KEY, STATS_KEY, taskKey, type ListKey } from "./keys";
import { TaskLedger, type PendingChange } from "./ledger";
import { comparison } from "./order";
import { findTask, placeTask, withoutTask, type TaskPages } from "./pages";
import { movedStats, type TaskStats } from "./stats";
import { belongs, followsTheClock, membership } from "./view-filter";

/** Keeps everything that is cached of tasks equal to what is known of them. There is one for each cache. */
export class TaskStore {
  readonly ledger = new TaskLedger();
  readonly #client: QueryClient;
  #lastTick = 0;
  #lastZone = "";
  readonly #due = new Map<string, QueryKey>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  static of(client: QueryClient): TaskStore {
    let store = stores.get(client);
    if (!store) stores.set(client, (store = new TaskStore(client)));
    return store;
  }

  /** Applies what the stream tells. It reads no list again. */
  apply(update: UpdateData): void {
    if (update.item.case !== "task") return;
    const task = update.item.value;
    // A task that goes to the trash is still there; one that is purged says nothing of the trash.
    if (update.action === UpdateAction.DELETED && !task.deletedAt) this.purge(task.id);
    else this.receive(task);
  }

  /** Forgets a task that is gone for good. */
  purge(id: string): void {
    this.#change(id, () => this.ledger.recordGone(id));
  }

  /** Takes a state that the server told, and ends the change that it confirms. */
  receive(task: Task, confirmed?: PendingChange): void {
    const draft = this.ledger.draftOf(task);
    const ids = new Set([task.id, ...(draft ? [draft.id] : []), ...(confirmed ? [confirmed.taskId] : [])]);
    this.#changeAll([...ids], () => {
      confirmed?.settle();
      if (confirmed) draftBecame(confirmed.taskId, task.id);
      if (draft) {
        draftBecame(draft.id, task.id);
        this.ledger.endDraft(draft.id);
      }
      if (this.ledger.record(task)) this.#readSoon(historyKey(task.id));
    });
  }

  /** Shows a change before the server has confirmed it. */
  show(begin: (ledger: TaskLedger) => PendingChange, id: string): PendingChange {
    let change: PendingChange | undefined;
    this.#change(id, () => (change = begin(this.ledger)));
    return change ?? { taskId: id, settle: () => undefined };
  }

  /** Shows the task without a change that the server has refused. */
  takeBack(change: PendingChange): void {
    this.#change(change.taskId, () => change.settle());
  }

  /** Moves tasks between the lists that follow the clock. What the page can't know is read once at midnight. */
  tick(now: number, zone: string): void {
    const [last, lastZone] = [this.#lastTick, this.#lastZone];
    [this.#lastTick, this.#lastZone] = [now, zone];
    // Lists of this zone are read after its first tick, and right by then.
    if (zone !== lastZone) return;
    const dayHasChanged = today({ now, zone }) !== today({ now: last, zone });
    const ids = dayHasChanged ? this.ledger.ids() : this.#dueBetween(last - SLACK, now);
    for (const { key, pages } of ids.length > 0 ? cachedLists(this.#client) : []) {
      if (!followsTheClock(key[2].view)) continue;
      const followed = this.#follow(pages, ids, key, now);
      if (followed !== pages) this.#client.setQueryData<TaskPages>(key, followed);
    }
    if (ids.length > 0 || dayHasChanged) this.#readSoon(STATS_KEY);
    if (dayHasChanged) void this.#client.invalidateQueries({ queryKey: LISTS_KEY, predicate: followsClock });
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.ledger.forget();
  }

  #change(id: string, change: () => void): void {
    this.#changeAll([id], change);
  }

  #changeAll(ids: readonly string[], change: () => void): void {
    const before = ids.map((id) => this.ledger.shown(id));
    change();
    ids.forEach((id, index) => {
      const after = this.ledger.shown(id);
      if (after !== before[index] || this.ledger.isGone(id)) this.#fitEverywhere(id, before[index], after);
    });
  }

  #fitEverywhere(id: string, before: Task | undefined, after: Task | undefined): void {
    const now = Date.now();
    for (const { key, pages } of cachedLists(this.#client)) {
      const fitted = this.#fit(pages, id, key, now);
      if (fitted !== pages) this.#client.setQueryData<TaskPages>(key, fitted);
    }
    if (after) this.#client.setQueryData<Task>(taskKey(id), after);
    else void this.#client.resetQueries({ queryKey: taskKey(id), exact: true });
    for (const [key, stats] of this.#client.getQueriesData<TaskStats>({ queryKey: STATS_KEY })) {
      const zone = String(key[2]);
      if (stats) this.#client.setQueryData<TaskStats>(key, movedStats(stats, before, after, { now, zone }));
    }
    this.#readSoon(STATS_KEY);
  }

  /** Within a day only what is due at a moment changes its list. */
  #dueBetween(from: number, to: number): string[] {
    return this.ledger.ids().filter((id) => {
      const when = this.ledger.shown(id)?.due?.when;
      if (when?.case !== "time") return false;
      const time = timestampMs(when.value);
      return from <= time && time <= to;
    });
  }

  /** Most tasks stay where they are: only those that come or go are worth the way through the pages. */
  #follow(pages: TaskPages, ids: readonly string[], [, , query, zone]: ListKey, now: number): TaskPages {
    const listed = new Set(pages.pages.flatMap((page) => page.tasks.map((task) => task.id)));
    const isMember = membership(query, { now, zone });
    let result = pages;
    for (const id of ids) {
      const shown = this.ledger.shown(id);
      const isMeant = shown !== undefined && isMember(shown);
      if (isMeant && !listed.has(id)) result = placeTask(result, shown, comparison(query.sort));
      else if (!isMeant && listed.has(id)) result = withoutTask(result, id);
    }
    return result;
  }

  #fit(pages: TaskPages, id: string, key: ListKey, now: number): TaskPages {
    const [, , query, zone] = key;
    const shown = this.ledger.shown(id);
    if (!shown || !belongs(shown, query, { now, zone })) return withoutTask(pages, id);
    return findTask(pages, id) === shown ? pages : placeTask(pages, shown, comparison(query.sort));
  }

  /** What can only be read is read after a burst of updates once, when the audit trail has them too. */
  #readSoon(queryKey: QueryKey): void {
    this.#due.set(hashKey(queryKey), queryKey);
    this.#timer ??= setTimeout(() => {
      const keys = [...this.#due.values()];
      this.#due.clear();
      this.#timer = undefined;
      for (const key of keys) void this.#client.invalidateQueries({ queryKey: key });
    }, READ_DELAY);
  }
}

function followsClock({ queryKey }: { queryKey: QueryKey }): boolean {
  return followsTheClock((queryKey as unknown as ListKey)[2].view);
}

const stores = new WeakMap<QueryClient, TaskStore>();
const READ_DELAY = 1000;
/** The clocks of server and browser may differ. */
const SLACK = 120_000;
