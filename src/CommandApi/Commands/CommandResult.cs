using System.Globalization;
using Commerce.Contracts;
using CommandLog;
using ServiceDefaults.Http;

namespace CommandApi.Commands;

/// <summary>Answers with the state of a command.</summary>
/// <param name="Waited">The client asked to be answered when the command is done.</param>
internal sealed record CommandResult(CommandStatus Command, CommandRequest Request, bool Waited) : IResult
{
    public const string TokenHeader = "Consistency-Token";
    private const string PreferenceApplied = "Preference-Applied";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (Waited && Command.IsDone)
            response.Headers[PreferenceApplied] = "wait";
        switch (Command.State)
        {
            case CommandState.Rejected:
                return Problem.Write(httpContext, Rejection(httpContext));
            case CommandState.Failed:
                return Problem.Write(httpContext, Problem.Of(
                    httpContext,
                    StatusCodes.Status500InternalServerError,
                    $"Command {Command.CommandId} could not be handled: {Command.Message}. It is kept, and an operator "
                    + $"can have it tried again; GET /commands/{Command.CommandId} shows what becomes of it.",
                    "urn:problem:command-failed"));
            case CommandState.Accepted:
                response.Headers.Location = $"/commands/{Command.CommandId}";
                return Write(httpContext, StatusCodes.Status202Accepted);
        }

        if (Token is { } token)
            response.Headers[TokenHeader] = token;
        if (Request.Created is not { } created)
            return Write(httpContext, StatusCodes.Status200OK);
        response.Headers.Location = created(Command.CommandId);
        return Write(httpContext, StatusCodes.Status201Created);
    }

    private string? Token => Command.Token?.ToString(CultureInfo.InvariantCulture);

    private Microsoft.AspNetCore.Mvc.ProblemDetails Rejection(HttpContext context)
    {
        var atFault = Rules.Find(Command.Rule ?? "") is { RequestAtFault: true };
        var problem = Problem.Of(
            context,
            atFault ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status409Conflict,
            Command.Message,
            $"urn:rule:{Command.Rule}");
        problem.Extensions["commandId"] = Command.CommandId;
        return problem;
    }

    private Task Write(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new CommandAnswer
            {
                CommandId = Command.CommandId,
                Status = Command.State,
                ConsistencyToken = Token,
                OrderId = Request.OrderId?.Invoke(Command.CommandId),
                Sku = Request.Sku,
            },
            context.RequestAborted);
    }
}
