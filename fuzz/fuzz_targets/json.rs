//! Any bytes are a call or a reject; an accepted call is written as JSON that
//! reads back to the same call.

#![no_main]

use libfuzzer_sys::fuzz_target;
use throng::wire::{Defaults, Incoming, batch_of_json, calls_of_json, json_of_call};

fuzz_target!(|bytes: &[u8]| {
    let defaults = Defaults::file("fuzz");
    let _batch = batch_of_json(bytes, &defaults);
    if let Ok(Incoming::Call(call)) = calls_of_json(bytes, &defaults) {
        let written = json_of_call(&call);
        match calls_of_json(written.as_bytes(), &defaults) {
            Ok(Incoming::Call(again)) => assert_eq!(again, call, "{written}"),
            other => panic!("{written}\n{other:?}"),
        }
    }
});
