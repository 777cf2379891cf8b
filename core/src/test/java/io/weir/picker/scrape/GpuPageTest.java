package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class GpuPageTest {

    private static final String PAGE =
            """
            # HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
            # TYPE DCGM_FI_DEV_GPU_UTIL gauge
            DCGM_FI_DEV_GPU_TEMP{gpu="0",pod="a"} 64
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",pod="a"} 30
            DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-2",pod="a"} 55
            DCGM_FI_DEV_GPU_UTIL{gpu="2",UUID="GPU-3",pod="b"} 95
            DCGM_FI_DEV_GPU_UTIL{gpu="3",UUID="GPU-4",pod=""} 5
            DCGM_FI_DEV_GPU_UTIL_MAX{gpu="0",pod="a"} 100
            """;

    @ParameterizedTest
    @CsvSource({"a, 0.55", "b, 0.95", "c, 0.05", "'', 0.95"})
    void theBusiestGpuOfThePodCounts(String pod, double expected) {
        assertThat(read(pod, PAGE, PAGE.length())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 300})
    void pagesMayArriveInPieces(int pieceBytes) {
        assertThat(read("a", PAGE, pieceBytes)).isEqualTo(0.55);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DCGM_FI_DEV_GPU_UTIL 40|0.4",
                "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 130|1",
                "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} -3|0",
                "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} x|NaN",
                "DCGM_FI_DEV_GPU_UTIL|NaN",
                "''|NaN"
            })
    void strangePagesAreBorne(String page, Double expected) {
        assertThat(Double.valueOf(read("a", page, 5))).isEqualTo(expected);
    }

    @Test
    void linesThatAreTooLongAreLeftOut() {
        String label = "x".repeat(100_000);
        String page = "DCGM_FI_DEV_GPU_UTIL{gpu=\"" + label + "\"} 90\n" + PAGE;

        assertThat(read("a", page, 1_000)).isEqualTo(0.55);
    }

    private static double read(String pod, String page, int pieceBytes) {
        GpuPage reader = new GpuPage(pod);
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        reader.begin();
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            reader.accept(bytes, at, Math.min(bytes.length, at + pieceBytes));
        }
        return reader.end();
    }
}
