package io.weir.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PickerTimesTest {

    private static final String PICK = "llm_d_epp_scheduler_e2e_duration_seconds";

    @Test
    void quantilesAreThoseOfTheTimeBetweenTwoReadingsOverAllSeries() {
        // Given
        var before = PickerTimes.parse(page(10, 10, 10, 0));
        var after = PickerTimes.parse(page(60, 100, 110, 10));

        // When
        PickerTimes.Read between = after.since(before);

        // Then 50 were below 100 us, 90 below 200, all 110 at some time
        assertThat(between.micros(PICK, 0.25)).isCloseTo(55, within(1e-6));
        assertThat(between.micros(PICK, 0.5)).isCloseTo(112.5, within(1e-6));
        assertThat(between.micros(PICK, 0.99)).isCloseTo(200, within(1e-6));
    }

    @Test
    void nothingIsSaidWhereNothingCame() {
        var page = PickerTimes.parse(page(1, 1, 1, 0));

        assertThat(page.since(page).micros(PICK, 0.5)).isNaN();
        assertThat(page.micros("another", 0.5)).isNaN();
    }

    private static String page(int first, int second, int all, int otherPool) {
        return """
        # TYPE NAME histogram
        NAME_bucket{pool="a",le="1.0E-4"} %d
        NAME_bucket{pool="a",le="2.0E-4"} %d
        NAME_bucket{pool="a",le="+Inf"} %d
        NAME_bucket{pool="b",le="1.0E-4"} 0
        NAME_bucket{pool="b",le="2.0E-4"} 0
        NAME_bucket{pool="b",le="+Inf"} %d
        NAME_count{pool="a"} 7
        """
                .replace("NAME", PICK)
                .formatted(first, second, all, otherPool);
    }
}
