import { describe, expect, test } from "vitest";

import { task } from "./fixtures";
import { comparison } from "./order";
import { nextPage, placeTask, tasksOf, withoutTask, type TaskPages } from "./pages";

const titled = (title: string, version = 1n) => task({ id: title, title, version });
const byTitle = comparison("title");
const titles = (pages: TaskPages) => pages.pages.map((page) => page.tasks.map(({ title }) => title).join(""));

/** Pages of one letter a task; the last has a next one unless it says that it is the end. */
function pagesOf(letters: string[], isEnd = false): TaskPages {
  const pages = letters.map((page, index) => {
    const tasks = Array.from(page, (letter) => titled(letter));
    const end = tasks.at(-1);
    const nextPageToken = isEnd && index === letters.length - 1 ? "" : `after-${page}`;
    return { tasks, nextPageToken, ...(end && { end }) };
  });
  return { pages, pageParams: pages.map(() => ({ token: "" })) };
}

describe("placing a task", () => {
  test("it stands in its place, on the page that reaches there", () => {
    expect(titles(placeTask(pagesOf(["bd", "fh"]), titled("c"), byTitle))).toEqual(["bcd", "fh"]);
    expect(titles(placeTask(pagesOf(["bd", "fh"]), titled("e"), byTitle))).toEqual(["bd", "efh"]);
    expect(titles(placeTask(pagesOf(["bd", "fh"]), titled("a"), byTitle))).toEqual(["abd", "fh"]);
  });

  test("one beyond what is read comes with the next page", () => {
    expect(titles(placeTask(pagesOf(["bd", "fh"]), titled("i"), byTitle))).toEqual(["bd", "fh"]);
    expect(titles(placeTask(pagesOf(["bd", "fh"], true), titled("i"), byTitle))).toEqual(["bd", "fhi"]);
  });

  test("an empty list that is read to its end takes it", () => {
    expect(titles(placeTask(pagesOf([""], true), titled("a"), byTitle))).toEqual(["a"]);
  });

  test("what is read reaches as far as before when the last task has gone", () => {
    const pages = withoutTask(pagesOf(["bd", "fh"]), "h");
    expect(titles(placeTask(pages, titled("g"), byTitle))).toEqual(["bd", "fg"]);
    expect(titles(placeTask(pages, titled("i"), byTitle))).toEqual(["bd", "f"]);
    expect(nextPage(pages.pages[1] ?? { tasks: [], nextPageToken: "" })?.after?.id).toBe("h");
  });

  test("it moves, also from page to page, and beyond", () => {
    const moved = (title: string) => task({ id: "b", title, version: 2n });
    expect(titles(placeTask(pagesOf(["bd", "fh"]), moved("g"), byTitle))).toEqual(["d", "fgh"]);
    expect(titles(placeTask(pagesOf(["bd", "fh"]), moved("z"), byTitle))).toEqual(["d", "fh"]);
  });
});

test("taking away a task that is not there changes nothing", () => {
  const pages = pagesOf(["bd"]);
  expect(withoutTask(pages, "x")).toBe(pages);
});

test("a task on two pages is shown once", () => {
  expect(tasksOf(pagesOf(["bd", "df"])).map(({ id }) => id)).toEqual(["b", "d", "f"]);
});

test("there is no page after the last", () => {
  expect(nextPage({ tasks: [], nextPageToken: "" })).toBeUndefined();
});
