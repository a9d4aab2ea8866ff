//! Nothing is generated: the script exists so that `links = "throng"` makes two
//! versions of this crate in one binary cargo's error, and not the linker's.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
