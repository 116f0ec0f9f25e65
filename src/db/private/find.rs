//! Finding an installed PostgreSQL server: the programs of one major version in one folder.
//!
//! An existing cluster decides the major; otherwise the newest that is at least [`OLDEST_MAJOR`]. Nothing is downloaded.
use std::path::{Path, PathBuf};

use super::OLDEST_MAJOR;
use super::error::PrivateDbError;
use super::place::Place;
use super::program::{answer, command};

/// Folders whose children, when the name begins so, hold the programs in the third part.
const USUAL: [(&str, &str, &str); 7] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/usr/local", "pgsql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The programs of one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    pub dir: PathBuf,
    pub major: u32,
}

impl Binaries {
    pub fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Whether the module is there to be loaded; a missing one in `shared_preload_libraries` would stop the start.
    pub async fn has_module(&self, name: &str) -> bool {
        let mut ask = command(self.program("pg_config"));
        ask.arg("--pkglibdir");
        let told = answer(ask).await.map(PathBuf::from);
        let beside =
            ["../lib", "../lib/postgresql", "../lib64/pgsql", "../lib/pgsql"].map(|folder| self.dir.join(folder));
        let mut folders = told.into_iter().chain(beside);
        folders.any(|folder| ["so", "dylib"].iter().any(|kind| folder.join(name).with_extension(kind).exists()))
    }
}

/// The programs to use: those of `bin_dir` when it is given, else the best of what is installed.
/// An existing cluster takes its own major only.
pub(super) async fn binaries(bin_dir: Option<&Path>, place: &Place) -> Result<Binaries, PrivateDbError> {
    let major = place.major()?;
    let folders = match bin_dir {
        Some(dir) => vec![dir.to_owned()],
        None => places().await,
    };
    let mut found = Vec::new();
    for dir in folders {
        found.extend(look(&dir).await);
    }
    match (choose(&found, major), bin_dir, major) {
        (Some(chosen), ..) => Ok(chosen),
        (None, Some(dir), None) if found.is_empty() => {
            let why = "it holds no `postgres` and `initdb` that run; set PG_BIN_DIR to a folder that does, or unset it";
            Err(PrivateDbError::unusable(dir, why))
        }
        (None, _, Some(major)) => {
            Err(PrivateDbError::OtherMajor { cluster: place.cluster.clone(), major, seen: seen(&found) })
        }
        (None, _, None) => Err(PrivateDbError::NotInstalled { seen: seen(&found) }),
    }
}

/// The cluster's major when there is one, else the newest; of equals the first that was found.
fn choose(found: &[Binaries], major: Option<u32>) -> Option<Binaries> {
    let fits = |one: &&Binaries| one.major >= OLDEST_MAJOR && major.is_none_or(|major| one.major == major);
    found.iter().rev().filter(fits).max_by_key(|one| one.major).cloned()
}

fn seen(found: &[Binaries]) -> Vec<String> {
    found.iter().map(|one| format!("{} in {}", one.major, one.dir.display())).collect()
}

async fn look(dir: &Path) -> Option<Binaries> {
    if !dir.join("initdb").exists() {
        return None;
    }
    let mut ask = command(dir.join("postgres"));
    ask.arg("--version");
    let major = major_of(&answer(ask).await?)?;
    Some(Binaries { dir: dir.to_owned(), major })
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-1)`, `postgres (PostgreSQL) 19beta1` -> 15, 19.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split(' ').find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// Every folder that may hold the programs, each once.
async fn places() -> Vec<PathBuf> {
    let mut config = command("pg_config");
    config.arg("--bindir");
    let mut on_path = command("/bin/sh");
    on_path.args(["-c", "command -v postgres"]);
    let (config, on_path) = tokio::join!(answer(config), answer(on_path));
    let on_path = on_path.and_then(|program| Path::new(&program).canonicalize().ok()?.parent().map(Path::to_owned));
    let usual = USUAL
        .iter()
        .flat_map(|(parent, prefix, rest)| children(parent, prefix).into_iter().map(move |dir| dir.join(rest)));
    let mut places: Vec<PathBuf> = config.map(PathBuf::from).into_iter().chain(on_path).chain(usual).collect();
    let mut once = std::collections::HashSet::new();
    places.retain(|place| once.insert(place.canonicalize().unwrap_or_else(|_| place.clone())));
    places
}

fn children(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let begins = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with(prefix);
    entries.filter(begins).map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(major: u32, dir: &str) -> Binaries {
        Binaries { dir: dir.into(), major }
    }

    #[test]
    fn the_newest_is_chosen_and_of_equals_the_first() {
        let found = [installed(16, "/a"), installed(17, "/b"), installed(17, "/c"), installed(14, "/d")];
        assert_eq!(choose(&found, None), Some(installed(17, "/b")));
    }

    #[test]
    fn an_existing_cluster_keeps_its_major() {
        let found = [installed(16, "/a"), installed(17, "/b")];
        assert_eq!(choose(&found, Some(16)), Some(installed(16, "/a")));
        assert_eq!(choose(&found, Some(15)), None);
    }

    #[test]
    fn too_old_is_as_good_as_none() {
        assert_eq!(choose(&[installed(14, "/a")], None), None);
    }

    #[test]
    fn versions_are_read_from_every_distribution() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 17.2"), Some(17));
        assert_eq!(major_of("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(major_of("command not found"), None);
    }
}
