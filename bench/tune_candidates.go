package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/lanes-go/lanes/asm"
)

// candidate is a build of the kernels to be timed in the place of the table's:
// one row for each element type.
type candidate struct {
	name string
	tile tile // of a candidate among tiles
	rows []tableRow
}

// tableRow is an override as the generator reads it.
type tableRow struct {
	Kernel string         `json:"kernel"`
	Set    map[string]int `json:"set"`
}

func (c candidate) overrides() ([]byte, error) { return json.Marshal(c.rows) }

// tile is a register tile: rows, and vectors in each.
type tile struct{ mr, nv int }

func (t tile) String() string { return fmt.Sprintf("%d×%d", t.mr, t.nv) }

// tiles are what fits the registers of an instruction set, 32 or 16, with one
// row of B and a broadcast of A, and do many flops for each value loaded. Tiles
// of five vectors are left out: the packing of their narrower tails is not right yet.
var tiles = map[string][]tile{
	"avx512": {{8, 3}, {9, 3}, {14, 2}, {6, 4}},
	"avx2":   {{6, 2}, {4, 3}},
}

// tileOf is the tile of a row of the table.
func tileOf(k asm.Kernel) tile { return tile{k.MR, k.NR / k.Lanes} }

// tableKernel is the table's product on an instruction set.
func tableKernel(isa, elem string) (asm.Kernel, error) {
	for _, k := range asm.Table {
		if k.Op == "gemm" && k.ISA.String() == isa && k.Elem == elem {
			return k, nil
		}
	}
	return asm.Kernel{}, fmt.Errorf("no product of %s on %s in this build", elem, isa)
}

func rowName(k asm.Kernel) string { return "gemm_" + k.ISA.String() + "_" + k.Elem }

// tileCandidates lists the tiles to compare with that of the rows given, one
// for each element type; that of the first row comes first.
func tileCandidates(table []asm.Kernel) (list []candidate) {
	ours := tileOf(table[0])
	others := slices.DeleteFunc(slices.Clone(tiles[table[0].ISA.String()]), func(t tile) bool { return t == ours })
	for _, t := range append([]tile{ours}, others...) {
		c := candidate{name: t.String(), tile: t}
		for _, k := range table {
			c.rows = append(c.rows, tableRow{rowName(k), map[string]int{"MR": t.mr, "NV": t.nv}})
		}
		list = append(list, c)
	}
	return list
}

// block is a change of one cache block to times/by of what the table says.
type block struct {
	name      string
	times, by int
}

// blocks to try. Kernels fit MC to the L2 cache within a factor of two of the
// table's value: only values farther away change anything.
var blocks = []block{{"MC", 1, 4}, {"MC", 4, 1}, {"KC", 2, 3}, {"KC", 4, 3}, {"NC", 1, 2}, {"NC", 2, 1}}

func (b block) String() string {
	if b.by == 1 {
		return fmt.Sprintf("%d·%s", b.times, b.name)
	}
	return fmt.Sprintf("%d/%d·%s", b.times, b.by, b.name)
}

func (b block) of(k asm.Kernel) int {
	return map[string]int{"MC": k.MC, "KC": k.KC, "NC": k.NC}[b.name] * b.times / b.by
}

// blockCandidates lists cache blocks around those of the rows given, which
// come first, each row with its best tile.
func blockCandidates(table []asm.Kernel, best []tile) []candidate {
	list := []candidate{{name: "table", rows: tiled(table, best)}}
	for _, b := range blocks {
		c := candidate{name: b.String(), rows: tiled(table, best)}
		for i, k := range table {
			c.rows[i].Set[b.name] = b.of(k)
		}
		list = append(list, c)
	}
	return list
}

func tiled(table []asm.Kernel, best []tile) (rows []tableRow) {
	for i, k := range table {
		rows = append(rows, tableRow{rowName(k), map[string]int{"MR": best[i].mr, "NV": best[i].nv}})
	}
	return rows
}
