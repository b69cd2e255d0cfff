package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/lanes-go/lanes/internal/caches"
)

// cacheLevel is a data cache as one core sees it.
type cacheLevel struct {
	name  string // L1, L2, L3
	bytes int
}

// usualCaches are assumed where nobody tells.
var usualCaches = []cacheLevel{{"L1", 32 << 10}, {"L2", 1 << 20}, {"L3", 32 << 20}}

// cacheLevels returns the data caches, the smallest first. Those beyond what was
// found are assumed to be as usual.
var cacheLevels = sync.OnceValue(func() []cacheLevel {
	found := foundCaches()
	return append(found, usualCaches[min(len(found), len(usualCaches)):]...)
})

// foundCaches asks Linux, and the processor where a virtual machine hides them
// from it.
func foundCaches() []cacheLevel {
	levels := listedCaches()
	if len(levels) == 0 {
		for _, c := range caches.OfProcessor() {
			levels = append(levels, cacheLevel{fmt.Sprintf("L%d", c.Level), c.Bytes})
		}
	}
	return levels
}

// listedCaches reads what Linux tells about the first core.
func listedCaches() (levels []cacheLevel) {
	folders, _ := filepath.Glob("/sys/devices/system/cpu/cpu0/cache/index*")
	for _, folder := range folders {
		read := func(name string) string {
			text, _ := os.ReadFile(filepath.Join(folder, name))
			return strings.TrimSpace(string(text))
		}
		if kind := read("type"); kind != "Data" && kind != "Unified" {
			continue
		}
		kib, err := strconv.Atoi(strings.TrimSuffix(read("size"), "K"))
		if err != nil {
			continue
		}
		levels = append(levels, cacheLevel{"L" + read("level"), kib << 10})
	}
	return levels
}

// cacheSizes describes the caches that were found.
func cacheSizes() (list []string) {
	for _, l := range foundCaches() {
		list = append(list, fmt.Sprintf("%s %d KiB", l.name, l.bytes>>10))
	}
	return list
}
