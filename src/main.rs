fn main() {
    netsplit::run();
}
