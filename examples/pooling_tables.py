#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes the tables that bev.voxel_pool takes of segments, once for a calibration.

    python3 examples/pooling_tables.py CELLS.npy Z Y X -o TABLES.npz

CELLS.npy has the cell of each frustum point in its batch row, i32 [B,N,Dd,H,W], as bev.frustum_to_voxel gives it;
what is not one of the Z * Y * X cells is left out. TABLES.npz gets, all i32,

    segments       [S,3]          rank of depth, rank of feat and length of points that follow each other in a column
                                  of an image at one depth, and lie in one cell
    ranks_segment  [T]            the segments, sorted by cell
    bounds         [B,Z,Y,X,2]    those of a cell: begin and end in ranks_segment

Segments go by camera, group of columns and of depths, column, from the top of the image down, and depth: a GPU then
reads the features of a column once for several depths, and the depths of neighbouring columns together. Segments that fill up a group are there twice, and
named once. Needs Python 3 and numpy.
"""
import argparse
import sys

import numpy as np


def segments(cells, grid, columns=8, depths=8, together=4):
    """The tables (segments, ranks_segment, bounds) of cells [B,N,Dd,H,W] in a grid (Z, Y, X). Groups of `columns` and
    of `depths`; the last segment of a column in a group is repeated up to a multiple of `together`."""
    b, n, d, h, w = cells.shape
    size = int(np.prod(grid))
    inside = (cells >= 0) & (cells < size)
    key = np.where(inside, cells + np.arange(b).reshape(-1, 1, 1, 1, 1) * size, -1)
    key = np.moveaxis(key, 3, -1)  # [B,N,Dd,W,H]
    begins = np.ones(key.shape, bool)
    begins[..., 1:] = key[..., 1:] != key[..., :-1]
    ends = np.append(np.flatnonzero(begins)[1:], key.size)
    first = np.flatnonzero(begins)
    length, first = (ends - first)[key.ravel()[first] >= 0], first[key.ravel()[first] >= 0]
    row, column, depth, camera = first % h, first // h % w, first // (h * w) % d, first // (h * w * d)

    # Which of its depth's segments in the column each is: those of neighbouring depths have much the same rows.
    place = np.arange(len(first))
    part = place - np.maximum.accumulate(np.where(np.diff(first // h, prepend=-1) != 0, place, 0))
    order = np.lexsort((depth, part, column, depth // depths, column // columns, camera))
    cell = key.ravel()[first][order]
    camera, depth, row, column, length = (x[order] for x in (camera, depth, row, column, length))
    # Groups of one column, filled up with their last segment.
    group = np.stack((camera, depth // depths, column))
    change = np.flatnonzero(np.append(True, (group[:, 1:] != group[:, :-1]).any(0))) if len(first) else np.zeros(0, int)
    count = np.diff(np.append(change, len(first)))
    more = -count % together
    place = np.arange(len(first)) + np.repeat(np.cumsum(more) - more, count)
    source = np.repeat(np.arange(len(first)), 1 + np.bincount(change + count - 1, more, len(first)).astype(int))
    camera, depth, row, column, length = (x[source] for x in (camera, depth, row, column, length))

    table = np.stack((((camera * d + depth) * h + row) * w + column, (camera * h + row) * w + column, length), 1)
    ranks = np.argsort(cell, kind="stable")
    bounds = np.searchsorted(cell[ranks], np.arange(b * size + 1))
    bounds = np.stack((bounds[:-1], bounds[1:]), 1).reshape(b, *grid, 2)
    return table.astype(np.int32), place[ranks].astype(np.int32), bounds.astype(np.int32)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cells", metavar="CELLS.npy")
    parser.add_argument("grid", metavar="SIZE", nargs=3, type=int, help="cells of the grid: Z Y X")
    parser.add_argument("-o", "--output", metavar="TABLES.npz", required=True)
    args = parser.parse_args()
    try:
        cells = np.load(args.cells)
    except (OSError, ValueError) as error:
        sys.exit(f"{args.cells}: {error}")
    if cells.ndim != 5 or cells.dtype.kind not in "iu" or min(args.grid) < 1:
        sys.exit(f"expected integers [B,N,Dd,H,W] and sizes of at least 1, but got {cells.dtype} {list(cells.shape)} "
                 f"and {args.grid}")
    table, ranks, bounds = segments(cells.astype(np.int64), tuple(args.grid))
    np.savez(args.output, segments=table, ranks_segment=ranks, bounds=bounds)
    print(f"{args.output}: {len(table)} segments of {int((cells >= 0).sum())} points")


if __name__ == "__main__":
    main()
