# shellcheck shell=bash
# Sourced by scripts/dev and scripts/test: what the machine must have, how to tell, how to get it.
# Nothing is installed that is there already, and no installed server is left running.

OLDEST_POSTGRES=15
missing=()

have() { command -v "$1" >/dev/null 2>&1; }

say() { printf '%s\n' "$*" >&2; }

have_postgres() {
  local dir version
  for dir in "${PG_BIN_DIR:-}" "$(pg_config --bindir 2>/dev/null || true)" \
    "$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/postgres)")" \
    /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* /usr/local/pgsql*/bin \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin; do
    if ! { [ -n "$dir" ] && [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ]; }; then continue; fi
    version=$("$dir/postgres" --version 2>/dev/null | sed -E 's/^[^0-9]*([0-9]+).*/\1/') || continue
    if [ "${version:-0}" -ge "$OLDEST_POSTGRES" ]; then return 0; fi
  done
  return 1
}

have_redis() { have redis-server || have valkey-server; }

# The tests look at processes.
have_ps() { have ps; }

have_compiler() { have cc || have gcc || have clang; }

# need <what it is called> <check> <apt packages> <brew formulas> <dnf packages>; several are joined by `+`.
needs=()
need() { needs+=("$*"); }

# Fills `missing` with the lines of `needs` whose check fails.
look() {
  local line check
  missing=()
  for line in "${needs[@]}"; do
    read -r _ check _ <<<"$line"
    "$check" || missing+=("$line")
  done
}

# The names in column $1 of what is missing (1 what, 3 apt, 4 brew, 5 dnf); `-` means: not from there.
names() {
  local line column=$1
  local -a words
  for line in "${missing[@]}"; do
    read -r -a words <<<"$line"
    [ "${words[column - 1]}" = - ] || printf '%s ' "${words[column - 1]//+/ }"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    say "This needs root, and there is no sudo. Run as root:  $*"
    return 1
  fi
}

policy=/usr/sbin/policy-rc.d
policy_is_ours=no

forget_policy() {
  if [ "$policy_is_ours" = yes ]; then
    as_root rm -f "$policy" || true
    policy_is_ours=no
  fi
}

# Debian starts a server as soon as it is installed; this file, while it is there, says no.
install_with_apt() {
  local outcome=0
  as_root true || return 1
  trap forget_policy EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ ! -e "$policy" ]; then
    policy_is_ours=yes
    as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
  fi
  as_root apt-get update -q </dev/null >&2 || say "apt-get update failed; trying with the lists that are there"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null >&2 ||
    outcome=$?
  forget_policy
  trap - EXIT INT TERM
  return "$outcome"
}

install_missing() {
  local packages
  if have apt-get; then
    read -r -a packages <<<"$(names 3)"
    install_with_apt "${packages[@]}"
  elif have brew; then
    read -r -a packages <<<"$(names 4)"
    [ ${#packages[@]} = 0 ] || brew install "${packages[@]}" </dev/null >&2
  elif have dnf; then
    read -r -a packages <<<"$(names 5)"
    as_root dnf install -y "${packages[@]}" </dev/null >&2
  else
    say "No apt-get, brew or dnf here: install them by hand: $(names 1)"
    return 1
  fi
}

# Ends with everything there, or with exit code 1 and what to do. $1: "yes" to install what is missing.
provide() {
  if ! have cargo; then
    say "Rust is missing. Install it from https://rustup.rs and start again."
    exit 1
  fi
  look
  if [ ${#missing[@]} = 0 ]; then return 0; fi
  say "This machine lacks: $(names 1)"
  if [ "$1" != yes ]; then
    say "Not installed, as --no-install was given. Debian: apt-get install $(names 3)"
    exit 1
  fi
  install_missing || { say "The installation failed."; exit 1; }
  look
  if [ ${#missing[@]} != 0 ]; then
    say "Still missing: $(names 1)"
    case "$(names 2)" in
      *have_postgres*) say "PostgreSQL must be $OLDEST_POSTGRES or newer; older systems get it from https://www.postgresql.org/download/" ;;
    esac
    case "$(names 2)" in
      *have_compiler*) say "On macOS the C compiler comes with: xcode-select --install" ;;
    esac
    exit 1
  fi
}
