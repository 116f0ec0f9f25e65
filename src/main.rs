//! The `tithi` binary. Everything is in the library, where tests reach it.

fn main() -> std::process::ExitCode {
    tithi::cli::main()
}
