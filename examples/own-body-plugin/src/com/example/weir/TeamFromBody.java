package com.example.weir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.weir.extproc.plugin.BodyMessage;
import io.weir.extproc.plugin.BodyRefusal;
import io.weir.extproc.plugin.RequestPlugin;
import io.weir.extproc.plugin.ResponsePlugin;

import java.util.List;

/**
 * Takes a team's name out of the request's body, which model servers would not understand, and puts
 * it into a header that routes match; the answer tells it again.
 *
 * @param field the body's field
 * @param header the header
 */
public record TeamFromBody(String field, String header) implements RequestPlugin, ResponsePlugin {

    /** What the answer has to tell. */
    private record Team(String name) {}

    /** Nobody else may say which team it is. */
    @Override
    public List<String> ownHeaders() {
        return List.of(header);
    }

    @Override
    public void request(BodyMessage request) throws BodyRefusal {
        JsonNode team = request.field(field);
        if (team == null) {
            request.removeHeader(header);
            return;
        }
        if (!team.isTextual() || team.asText().isBlank()) {
            throw new BodyRefusal(400, field + ": must be a team's name");
        }
        request.removeField(field);
        request.setHeader(header, team.asText());
        request.keep(Team.class, new Team(team.asText()));
    }

    @Override
    public void response(BodyMessage response) {
        Team team = response.kept(Team.class);
        if (team != null) {
            response.setField(field, TextNode.valueOf(team.name()));
        }
    }
}
