// Threads, channels, collections, formatting, panics that unwind.
use std::collections::{BTreeMap, HashMap};
use std::sync::{mpsc, Arc, Condvar, Mutex, RwLock};
use std::thread;

fn main() {
    let total = Arc::new(Mutex::new(0u64));
    let workers: Vec<_> = (0..4u64)
        .map(|id| {
            let total = Arc::clone(&total);
            thread::spawn(move || {
                for i in 0..500 {
                    *total.lock().unwrap() += i * (id + 1);
                }
                id
            })
        })
        .collect();
    let ids: u64 = workers.into_iter().map(|w| w.join().unwrap()).sum();
    println!("{} {}", ids, total.lock().unwrap());

    let (send, receive) = mpsc::channel();
    for id in 0..3 {
        let send = send.clone();
        thread::spawn(move || (0..10).for_each(|i| send.send(id * 100 + i).unwrap()));
    }
    drop(send);
    let mut got: Vec<i32> = receive.iter().collect();
    got.sort_unstable();
    println!("{:?}", got);

    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let other = Arc::clone(&pair);
    let waker = thread::spawn(move || {
        *other.0.lock().unwrap() = true;
        other.1.notify_one();
    });
    let mut ready = pair.0.lock().unwrap();
    while !*ready {
        ready = pair.1.wait(ready).unwrap();
    }
    drop(ready);
    waker.join().unwrap();

    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for word in "a rose is a rose is a rose".split(' ') {
        *words.entry(word).or_default() += 1;
    }
    println!("{:?}", words);

    let mut map = HashMap::new();
    for i in 0..10_000u64 {
        map.insert(i.wrapping_mul(0x9E37_79B9_7F4A_7C15), i);
    }
    let sum: u64 = map.values().sum();
    println!("{} {}", map.len(), sum);

    std::panic::set_hook(Box::new(|_| {}));
    let caught = std::panic::catch_unwind(|| {
        let empty: Vec<i32> = Vec::new();
        empty[map_index()]
    });
    println!("panic caught: {}", caught.is_err());
    let died = thread::spawn(|| panic!("in a thread")).join();
    println!("thread died: {}", died.is_err());

    let shared = RwLock::new(vec![1.5f64, 2.25, f64::NAN]);
    println!("{:?} {:.3} {:e}", shared.read().unwrap(), std::f64::consts::PI, 1e-7);
    let text: String = (0..1000).map(|i| char::from(b'a' + (i % 26) as u8)).rev().collect();
    println!("{} {:x?}", &text[..26], text.bytes().fold(0u32, |h, b| h.rotate_left(5) ^ u32::from(b)));
}

fn map_index() -> usize {
    std::env::args().count() + 5
}
