using System.ComponentModel;
using System.Globalization;
using CommandLog;
using ServiceDefaults.Http;

namespace CommandApi.Commands;

internal sealed record GetCommandRequest
{
    [RouteParam]
    [Description("From the answer to the command.")]
    public Guid CommandId { get; init; }
}

internal sealed record CommandStatusAnswer
{
    public required Guid CommandId { get; init; }

    [Description("What was asked, such as PlaceOrder.")]
    public required string Type { get; init; }

    public required CommandState Status { get; init; }

    [Description("Send it with a query to read what this command wrote.")]
    public string? ConsistencyToken { get; init; }

    [Description("The rule that forbade it, and why.")]
    public RejectionAnswer? Rejection { get; init; }

    [Description("Why it could not be handled.")]
    public string? Failure { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }
}

internal sealed record RejectionAnswer(string Rule, string Message);

/// <summary>What became of a command.</summary>
internal sealed class GetCommandEndpoint(ICommandLog log) : Endpoint<GetCommandRequest, CommandStatusAnswer>
{
    public override void Configure()
    {
        Get("/commands/{commandId}");
        Description(route => route
            .WithTags("Commands")
            .WithSummary("The state of a command")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable));
    }

    public override async Task HandleAsync(GetCommandRequest req, CancellationToken ct)
    {
        var tenant = HttpContext.Tenant();
        if (await log.Find(tenant, req.CommandId, ct) is not { } command)
        {
            await Send.ResultAsync(new ProblemResult(Problem.Of(
                HttpContext,
                StatusCodes.Status404NotFound,
                $"Tenant {tenant} never sent a command {req.CommandId}.")));
            return;
        }

        var token = command.Token?.ToString(CultureInfo.InvariantCulture);
        if (token is not null)
            HttpContext.Response.Headers[CommandResult.TokenHeader] = token;
        await Send.OkAsync(
            new CommandStatusAnswer
            {
                CommandId = command.CommandId,
                Type = command.Type,
                Status = command.State,
                ConsistencyToken = token,
                Rejection = command.State == CommandState.Rejected ? new(command.Rule!, command.Message!) : null,
                Failure = command.State == CommandState.Failed ? command.Message : null,
                ReceivedAt = command.ReceivedAt,
                CompletedAt = command.CompletedAt,
            },
            ct);
    }
}
