// Goroutines, channels, maps, the garbage collector, formatting, panics.
package main

import (
	"crypto/sha256"

	"fmt"
	"math"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

type node struct {
	left, right *node
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{tree(depth - 1), tree(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func safely(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	f()
	return nil
}

func main() {
	jobs, results := make(chan int), make(chan int)
	var group sync.WaitGroup
	for w := 0; w < 4; w++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for j := range jobs {
				results <- j * j
			}
		}()
	}
	go func() {
		for i := 1; i <= 200; i++ {
			jobs <- i
		}
		close(jobs)
		group.Wait()
		close(results)
	}()
	sum := 0
	for r := range results {
		sum += r
	}
	fmt.Println("squares", sum)

	total := 0
	for i := 0; i < 20; i++ {
		total += tree(10).count()
	}
	runtime.GC()
	fmt.Println("nodes", total)

	counts := map[string]int{}
	for _, word := range strings.Fields("to be or not to be that is the question") {
		counts[word]++
	}
	var words []string
	for word := range counts {
		words = append(words, word)
	}
	sort.Strings(words)
	for _, word := range words {
		fmt.Print(word, "=", counts[word], " ")
	}
	fmt.Println()
	fmt.Printf("%x\n", sha256.Sum256([]byte("page table")))
	fmt.Printf("%.10f %g %v\n", math.Sin(1), math.Pow(2, 0.5), []float64{1.5, math.Inf(1), math.NaN()})

	var nothing *node
	fmt.Println(safely(func() { _ = nothing.left }) != nil)
	fmt.Println(safely(func() { var a []int; _ = a[len(words)] }))

	var lock sync.Mutex
	shared := 0
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for k := 0; k < 500; k++ {
				lock.Lock()
				shared++
				lock.Unlock()
			}
		}()
	}
	group.Wait()
	fmt.Println("shared", shared)

	select {
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timer")
	}
}
