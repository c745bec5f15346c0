import { ConflictQueue } from "./conflict";
import { UndoStack } from "./undo";

/** What the person has done on this page and can undo. */
export const undoStack = new UndoStack();

/** What waits for the person's choice. */
export const conflictQueue = new ConflictQueue();
