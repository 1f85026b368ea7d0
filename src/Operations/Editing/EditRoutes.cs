using Microsoft.AspNetCore.Mvc;
using Operations.Actions;
using Operations.Http;

namespace Operations.Editing;

internal sealed record EditConfiguration(
    bool Enabled, IReadOnlyList<string> SensitiveHeaders, IReadOnlyList<string> LockedHeaders);

internal sealed record EditRequest(string? MessageBody, Dictionary<string, string>? MessageHeaders);

internal sealed record EditAnswer(bool EditIgnored);

internal static class EditRoutes
{
    public static void MapEditing(this IEndpointRouteBuilder api, OperationsSettings settings)
    {
        api.MapGet("/edit/config", () => ApiAnswer.Of(
            new EditConfiguration(settings.AllowEditing, LockedHeaders.Sensitive, LockedHeaders.Locked)));
        api.MapPost("/edit/{id:guid}", async (
            Guid id, [FromBody] EditRequest request, Operator who, MessageEditor editor, PastActions past,
            CancellationToken cancellationToken) =>
        {
            if (!settings.AllowEditing)
                return Results.NotFound();
            if (request.MessageBody is not { } body || request.MessageHeaders is not { } headers)
                return Results.Problem("Give message_body and message_headers.", statusCode: 400);
            var outcome = await editor.Edit(id, body, headers, who, cancellationToken);
            if (outcome == EditOutcome.Ignored)
            {
                past.Add(
                    who, new OperatorAction("edit", "SingleMessage", id.ToString()), Actions.ActionResult.Refused,
                    "The message was edited, retried or archived before.");
            }

            return outcome switch
            {
                EditOutcome.Sent => Results.Json(new EditAnswer(false), ApiJson.Options, statusCode: 202),
                EditOutcome.Ignored => Results.Json(new EditAnswer(true), ApiJson.Options),
                EditOutcome.NotFound =>
                    Results.Problem($"There is no failed message '{id}'; it may have been deleted.", statusCode: 400),
                _ => Results.Problem(
                    "Nothing was sent: the body is empty, the message does not say where it failed, or a locked header "
                    + "was changed; GET /api/edit/config lists those.",
                    statusCode: 400),
            };
        });
    }
}
