package io.weir.picker.prefix;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps {@link FirstBlocks} of a pool whose endpoints come and go. Owned by the pool's update lock.
 */
public final class Beginnings {

    private @Nullable FirstBlocks blocks;

    /**
     * Returns whether these many endpoints need another table of bits, for which all of them are
     * gone through: picks should ask every endpoint meanwhile.
     */
    public boolean startsAnew(int endpoints) {
        return blocks == null ? endpoints >= FirstBlocks.LEAST : !blocks.suits(endpoints);
    }

    /**
     * Gives the endpoints of a pool their columns.
     *
     * @param tables of the endpoints, in the pool's order
     * @param leaving tables of endpoints that are not in the pool any more
     * @return who has which column; null when every endpoint is to be asked
     */
    public FirstBlocks.@Nullable Places arrange(
            List<PrefixTable> tables, List<PrefixTable> leaving) {
        if (startsAnew(tables.size())) {
            leaving.forEach(table -> table.attach(null));
            tables.forEach(table -> table.attach(null));
            boolean isWorthIt = tables.size() >= FirstBlocks.LEAST;
            blocks = isWorthIt ? new FirstBlocks(tables.size()) : null;
        } else if (blocks != null) {
            blocks.giveBack(released(leaving));
        }
        FirstBlocks ofPool = blocks;
        if (ofPool == null) {
            return null;
        }
        for (PrefixTable table : tables) {
            if (table.column() == null) {
                table.attach(ofPool.take());
            }
        }
        return ofPool.places(tables);
    }

    private static List<FirstBlocks.Column> released(List<PrefixTable> leaving) {
        List<FirstBlocks.Column> columns = new ArrayList<>();
        for (PrefixTable table : leaving) {
            FirstBlocks.Column column = table.column();
            table.attach(null);
            if (column != null) {
                columns.add(column);
            }
        }
        return columns;
    }
}
