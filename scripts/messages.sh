# shellcheck shell=bash
# Sourced by the scripts beside it: how they speak. Everything goes to standard error, so that a
# script's standard output stays its result.

# What is being done now, for work that takes longer than a moment.
step() {
  printf '%s\n' "» $*" >&2
}

# What went wrong and what to do about it; ends the script.
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do
    printf '       %s\n' "$line" >&2
  done
  exit 1
}
