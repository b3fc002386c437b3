// How jemalloc is to behave in this program; it looks for this name. Where it is not linked, nobody
// does.
//
// With huge pages a run of transfers is about a fifth faster: the state of many live aggregates
// lies all over the memory, and with small pages each access first waits for the page's address.
// Memory that was freed stays with the process for a while, since the next batch needs as much.
extern "C" {
extern const char* const malloc_conf;
[[gnu::used]] const char* const malloc_conf =
    "thp:always,metadata_thp:always,dirty_decay_ms:60000,muzzy_decay_ms:60000";
}
