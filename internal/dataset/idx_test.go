package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// idx encodes sizes and entries under the given element type and rank.
func idx(kind, rank byte, sizes []uint32, entries ...byte) []byte {
	b := []byte{0, 0, kind, rank}
	for _, s := range sizes {
		b = binary.BigEndian.AppendUint32(b, s)
	}
	return append(b, entries...)
}

func TestReadPair(t *testing.T) {
	images := idx(8, 3, []uint32{2, 1, 3}, 1, 2, 3, 4, 5, 255)
	labels := idx(8, 1, []uint32{2}, 7, 9)
	im, l, err := ReadPair(iotest.OneByteReader(bytes.NewReader(images)), bytes.NewReader(labels))
	require.NoError(t, err)
	require.Equal(t, Images{Count: 2, Height: 1, Width: 3, Pixels: []byte{1, 2, 3, 4, 5, 255}}, im)
	require.Equal(t, []byte{7, 9}, l)
}

func TestReadPairEmpty(t *testing.T) {
	im, l, err := ReadPair(bytes.NewReader(idx(8, 3, []uint32{0, 28, 28})), bytes.NewReader(idx(8, 1, []uint32{0})))
	require.NoError(t, err)
	require.Equal(t, 0, im.Count)
	require.Empty(t, l)
}

func TestBrokenFilesSayWhatIsWrong(t *testing.T) {
	one := idx(8, 1, []uint32{1}, 5)
	good := idx(8, 3, []uint32{1, 1, 2}, 6, 7)
	for name, c := range map[string]struct {
		images, labels []byte
		want           string
	}{
		"empty file":       {nil, one, "images: truncated in its magic number: want 4 bytes, got 0"},
		"short magic":      {good[:3], one, "images: truncated in its magic number: want 4 bytes, got 3"},
		"gzip":             {[]byte{0x1f, 0x8b, 8, 0}, one, "images: magic number 0x1f8b0800, want two zero bytes first: not an IDX file"},
		"floats":           {idx(0x0d, 3, []uint32{1, 1, 1}, 1, 2, 3, 4), one, "images: magic number 0x00000d03: element type 0xd, want 0x8"},
		"rank":             {one, one, "images: magic number 0x00000801: 1 dimensions, want 3"},
		"label rank":       {good, good, "labels: magic number 0x00000803: 3 dimensions, want 1"},
		"short dimensions": {good[:13], one, "images: truncated in its dimensions: want 12 bytes, got 9"},
		"truncated":        {good[:17], one, "images: truncated: want 2 bytes of entries, got 1"},
		"no entries":       {good[:16], one, "images: truncated: want 2 bytes of entries, got 0"},
		"left over":        {append(bytes.Clone(good), 1, 2, 3), one, "images: 3 bytes too many: want 2 bytes of entries, got 5"},
		"one left over":    {append(bytes.Clone(good), 1), one, "images: 1 bytes too many: want 2 bytes of entries, got 3"},
		"counts":           {good, idx(8, 1, []uint32{2}, 5, 6), "1 images, but 2 labels"},
		"overflow":         {idx(8, 3, []uint32{math.MaxUint32, math.MaxUint32, math.MaxUint32}), one, "images: dimensions overflow: the product of the first 2 sizes, the last being 4294967295, exceeds an int"},
		"huge":             {idx(8, 3, []uint32{1 << 20, 1 << 20, 1 << 20}, 1), one, "images: truncated: want 1152921504606846976 bytes of entries, got 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := ReadPair(bytes.NewReader(c.images), bytes.NewReader(c.labels))
			require.ErrorContains(t, err, "dataset: "+c.want)
		})
	}
}

func TestReadErrorIsPassedOn(t *testing.T) {
	good := idx(8, 3, []uint32{1, 1, 2}, 6, 7)
	broken := errors.New("disk on fire")
	for n := range len(good) + 1 {
		_, err := readImages(io.MultiReader(bytes.NewReader(good[:n]), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken, "after %d bytes", n)
	}
}

// FuzzReadImages checks that what is accepted agrees with its header, and that
// it encodes back to the same bytes.
func FuzzReadImages(f *testing.F) {
	f.Add(idx(8, 3, []uint32{2, 1, 3}, 1, 2, 3, 4, 5, 255))
	f.Add(idx(8, 3, []uint32{0, 28, 28}))
	f.Add(idx(8, 3, []uint32{math.MaxUint32, math.MaxUint32, math.MaxUint32}))
	f.Add([]byte{0, 0, 8})
	f.Fuzz(func(t *testing.T, file []byte) {
		im, err := readImages(bytes.NewReader(file))
		if err != nil {
			return
		}
		sizes := []uint32{uint32(im.Count), uint32(im.Height), uint32(im.Width)}
		require.Equal(t, file, idx(8, 3, sizes, im.Pixels...))
	})
}
