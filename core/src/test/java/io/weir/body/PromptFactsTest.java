package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Base64;
import java.util.Collections;

/** What counts as prompt, in every API, and how many tokens it is thought to be. */
class PromptFactsTest {

    private static final int MESSAGE = 4;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prompt':'tell me'} | tell me",
                "{'prompt':['one','two']} | one;two",
                "{'prompt':[1, 2,3]} | 1, 2,3",
                "{'prompt':[[1,2],[3]]} | 1,2;3",
                "{'prompt':''} | ''",
                "{'input':'embed me'} | embed me",
                "{'input':[[15, 16]]} | 15, 16",
                "{'instructions':'be kind','input':[{'role':'user','content':"
                        + "[{'type':'input_text','text':'hi'}]}]} | be kind;hi",
                "{'input':[{'type':'function_call_output','call_id':'c','output':'42'}]} | 42",
                "{'system':'rules','messages':[{'role':'user','content':'hi'}]} | rules;hi",
                "{'system':[{'type':'text','text':'rules','cache_control':{'type':'ephemeral'}}]}"
                        + " | rules",
                "{'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'t',"
                        + "'name':'f','input':{'city':'Bern','deep':[{'x':'y'}]}}]}]} | Bern;y",
                "{'messages':[{'content':[{'type':'tool_result','tool_use_id':'t',"
                        + "'content':[{'type':'text','text':'sunny'}]}]}]} | sunny",
                "{'messages':[{'role':'assistant','content':null,'tool_calls':[{'id':'c',"
                        + "'function':{'name':'f','arguments':'{}'}}]}]} | {}",
                "{'messages':[{'content':'a'},{'content':'b'}],'other':{'content':'c'}} | a;b",
                "{'messages':{'content':'a'}} | a",
                "{'text':'not a prompt','content':'nor this'} | ''",
            })
    void findsThePromptOfEveryApi(String body, String prompt) throws BodyException {
        byte[] bytes = Bodies.bytes(body.replace('\'', '"'));

        BodyFacts facts = Bodies.scan(bytes);

        assertThat(String.join(";", Bodies.texts(bytes, facts)))
                .isEqualTo(prompt.replace("''", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 0",
                "a | 1",
                "abcd | 1",
                "abcde | 2",
                "éé | 1",
                "中文中文 | 4",
                "😀 | 2",
                "\\u4e2d\\u6587 | 2",
                "\\u00e9\\u00E9 | 1",
                "\\ud83d\\ude00 | 2",
                "\\n\\t\\\"\\\\ | 1",
                "\\u0041\\u0042\\u0043\\u0044 | 1",
            })
    void estimatesTextByItsCharacters(String text, long tokens) throws BodyException {
        assertThat(Bodies.scan("{\"prompt\":\"" + text + "\"}").promptTokensEstimate())
                .isEqualTo(tokens);
    }

    @Test
    void countsTokenNumbersExactly() throws BodyException {
        String numbers = String.join(",", Collections.nCopies(1_000, "12345"));

        assertThat(Bodies.scan("{\"prompt\":[" + numbers + "]}").promptTokensEstimate())
                .isEqualTo(1_000);
        assertThat(Bodies.scan("{\"input\":[[1,2],[3]]}").promptTokensEstimate()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'image_url','image_url':{'url':'data:image/png;base64,DATA'}} | 256",
                "{'type':'input_image','image_url':'data:image/png;base64,DATA'} | 256",
                "{'type':'image','source':{'type':'base64','media_type':'i/p','data':'DATA'}} | 256",
                "{'type':'input_audio','input_audio':{'data':'DATA','format':'wav'}} | 256",
                "{'type':'video_url','video_url':{'url':'data:video/mp4;base64,DATA'}} | 2048",
                "{'type':'file','file':{'file_data':'DATA','filename':'a.pdf'}} | 1024",
                "{'type':'text','text':'','image_url':null,'audio':null} | 0",
            })
    void countsMediaByAConstantWhateverItsSize(String part, long tokens) throws BodyException {
        // Given
        String data = Base64.getEncoder().encodeToString(new byte[30_000]);
        String json = part.replace('\'', '"').replace("DATA", data);

        // When
        BodyFacts facts = Bodies.scan("{\"messages\":[{\"content\":[" + json + "]}]}");

        // Then
        assertThat(facts.promptTokensEstimate()).isEqualTo(tokens + MESSAGE);
        assertThat(facts.promptRanges()).isEmpty();
    }

    @Test
    void countsToolsAsTheyAreWritten() throws BodyException {
        String tools = "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"model\":\"x\"}}]";

        BodyFacts facts = Bodies.scan("{\"tools\":" + tools + "}");

        assertThat(facts.promptTokensEstimate()).isEqualTo((tools.length() + 3) / 4);
        assertThat(facts.promptRanges()).isEmpty();
    }

    @Test
    void recordsNoMoreRangesThanAllowedButCountsThemAll() throws BodyException {
        // Given
        BodyLimits limits = new BodyLimits(10, 100, 10, 3);
        byte[] body = Bodies.bytes("{\"input\":[\"aaaa\",\"bbbb\",\"cccc\",\"dddd\",\"eeee\"]}");

        // When
        BodyFacts facts = Bodies.scan(body, limits, body.length);

        // Then
        assertThat(Bodies.texts(body, facts)).containsExactly("aaaa", "bbbb", "cccc");
        assertThat(facts.promptTokensEstimate()).isEqualTo(5);
    }
}
