import { pieceKey, type Piece, type PieceKind } from "./types";

/** A line of which more and more is understood. What was, later readers no longer see. */
export class Line {
  readonly pieces: Piece[] = [];
  /** The text in which what was understood is blanked out, at the same places. */
  rest: string;

  constructor(
    readonly text: string,
    private readonly ignored: ReadonlySet<string>,
  ) {
    this.rest = text;
  }

  /** Takes a part of the text as understood, and keeps it in the title if told to; no where the person does not want it. */
  take(kind: PieceKind, start: number, end: number, keep = false): boolean {
    const text = this.text.slice(start, end);
    const from = start + (text.length - text.trimStart().length);
    const to = start + text.trimEnd().length;
    const piece: Piece = { kind, start: from, end: to, text: this.text.slice(from, to) };
    if (this.ignored.has(pieceKey(piece)) || from >= to) return false;
    this.pieces.push(piece);
    if (!keep) this.rest = this.rest.slice(0, from) + BLANK.repeat(to - from) + this.rest.slice(to);
    return true;
  }

  /** What is left of the text, without the gaps. */
  title(): string {
    return this.rest
      .replaceAll(BLANK, " ")
      .replace(/\s+/g, " ")
      .replace(/\s+([,.;:!?،؛؟])(?=\s|$)/g, "$1")
      .replace(/^[\s,;،؛]+|[\s,;،؛]+$/g, "");
  }

  sortedPieces(): Piece[] {
    return [...this.pieces].sort((a, b) => a.start - b.start);
  }

  /** Whether only what was understood, marks or nothing stands from here on. */
  endsAt(index: number): boolean {
    return /^[\s\uE000,.;!?]*$/.test(this.rest.slice(index));
  }
}

/** Stands for a character that was understood; no text that a person types has it, and no word pattern matches it. */
export const BLANK = "\uE000";
