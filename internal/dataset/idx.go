package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Images holds Count grey images of Height × Width bytes, row by row.
type Images struct {
	Count, Height, Width int
	Pixels               []byte
}

// ReadPair reads a file of images and the file of their labels, both IDX with
// unsigned bytes (MNIST's format), uncompressed. The error says which file is
// broken and how: what its magic number is, how many bytes are missing or left
// over, that the counts differ.
func ReadPair(images, labels io.Reader) (Images, []byte, error) {
	im, err := readImages(images)
	if err != nil {
		return Images{}, nil, err
	}
	l, err := readLabels(labels)
	if err != nil {
		return Images{}, nil, err
	}
	if len(l) != im.Count {
		return Images{}, nil, fmt.Errorf("dataset: %d images, but %d labels", im.Count, len(l))
	}
	return im, l, nil
}

// readImages reads an IDX file of three dimensions.
func readImages(r io.Reader) (Images, error) {
	dims, data, err := readIDX(r, 3)
	if err != nil {
		return Images{}, fmt.Errorf("dataset: images: %w", err)
	}
	return Images{Count: dims[0], Height: dims[1], Width: dims[2], Pixels: data}, nil
}

// readLabels reads an IDX file of one dimension.
func readLabels(r io.Reader) ([]byte, error) {
	_, data, err := readIDX(r, 1)
	if err != nil {
		return nil, fmt.Errorf("dataset: labels: %w", err)
	}
	return data, nil
}

// readIDX reads a magic number (two zero bytes, the element type, the rank),
// rank big-endian sizes and the entries. The memory taken follows the bytes
// that arrive, not the sizes that a broken header claims.
func readIDX(r io.Reader, rank int) (dims []int, data []byte, err error) {
	var magic [4]byte
	if err := readHeader(r, magic[:], "magic number"); err != nil {
		return nil, nil, err
	}
	const unsignedByte = 0x08
	switch {
	case magic[0] != 0 || magic[1] != 0:
		return nil, nil, fmt.Errorf("magic number %#x, want two zero bytes first: not an IDX file", magic)
	case magic[2] != unsignedByte:
		return nil, nil, fmt.Errorf("magic number %#x: element type %#x, want %#x (unsigned byte)", magic, magic[2], unsignedByte)
	case int(magic[3]) != rank:
		return nil, nil, fmt.Errorf("magic number %#x: %d dimensions, want %d", magic, magic[3], rank)
	}
	sizes := make([]byte, 4*rank)
	if err := readHeader(r, sizes, "dimensions"); err != nil {
		return nil, nil, err
	}
	dims, total, err := parseDims(sizes)
	if err != nil {
		return nil, nil, err
	}
	data, err = readExactly(r, total)
	return dims, data, err
}

func readHeader(r io.Reader, dst []byte, what string) error {
	n, err := io.ReadFull(r, dst)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("truncated in its %s: want %d bytes, got %d", what, len(dst), n)
	}
	return err
}

// parseDims also returns the product of the sizes, which has to leave room for
// one more byte in an int.
func parseDims(sizes []byte) (dims []int, total int, err error) {
	total = 1
	for i := 0; i < len(sizes); i += 4 {
		d := binary.BigEndian.Uint32(sizes[i:])
		dims = append(dims, int(d))
		if d != 0 && uint64(total) >= math.MaxInt/uint64(d) {
			return nil, 0, fmt.Errorf("dimensions overflow: the product of the first %d sizes, the last being %d, exceeds an int", len(dims), d)
		}
		total *= int(d)
	}
	return dims, total, nil
}

// readExactly reads n bytes and finds the end of the file behind them.
func readExactly(r io.Reader, n int) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil {
		return nil, err
	}
	if len(data) < n {
		return nil, fmt.Errorf("truncated: want %d bytes of entries, got %d", n, len(data))
	}
	extra, err := io.Copy(io.Discard, r)
	if err != nil {
		return nil, err
	}
	if extra > 0 {
		return nil, fmt.Errorf("%d bytes too many: want %d bytes of entries, got %d", extra, n, int64(n)+extra)
	}
	return data, nil
}
