using System.Diagnostics;
using Commerce.Contracts;
using CommandLog;
using ServiceDefaults.Http;

namespace CommandApi.Commands;

/// <summary>
/// The way of every command: note it and send it; wait for the outcome if the client wants to; answer.
/// </summary>
internal sealed class CommandFlow(ICommandLog log, IMessageSession session)
{
    /// <exception cref="InvalidRequestException">A header is wrong.</exception>
    /// <exception cref="ServiceUnavailableException">Broker or database is away; the command counts as not
    /// sent.</exception>
    public async Task<IResult> Run(HttpContext context, CommandRequest request, CancellationToken cancellationToken)
    {
        var headers = CommandHeaders.Read(context);
        var commandId = CommandIds.For(headers.Tenant, headers.Key);
        var command = request.Make(headers.Tenant, commandId);
        var accepted = await Accept(command, commandId, headers, cancellationToken);
        if (accepted is KeyReused reused)
            return new ProblemResult(Reused(context, reused));

        var status = ((Accepted)accepted).Status;
        Activity.Current?.SetTag("commerce.command_id", status.CommandId);
        return new CommandResult(status, request, Waited: headers.Wait > TimeSpan.Zero);
    }

    private async Task<AcceptResult> Accept(
        ICommerceCommand command, Guid commandId, CommandHeaders headers, CancellationToken cancellationToken)
    {
        var key = headers.Key is null ? null : new IdempotencyKey(headers.Key, CommandIds.Fingerprint(command));
        try
        {
            return await log.Accept(
                new NewCommand(commandId, headers.Tenant, command.GetType().Name, key),
                (id, token) => Send(command, id, headers.User, token),
                headers.Wait,
                cancellationToken);
        }
        catch (TimeoutException away)
        {
            throw new ServiceUnavailableException(
                "The command could not be noted and sent in time; try again. "
                + $"An {CommandHeaders.IdempotencyKey} makes sure that it is done once.",
                away);
        }
    }

    private async Task Send(ICommerceCommand command, Guid commandId, string? user, CancellationToken cancellationToken)
    {
        var options = new SendOptions();
        options.SetMessageId(commandId.ToString());
        if (user is not null)
            options.SetHeader(CommerceHeaders.User, user);
        try
        {
            await session.Send(command, options, cancellationToken);
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            throw new ServiceUnavailableException(
                "The message broker did not take the command, so it counts as not sent; try again. "
                + $"An {CommandHeaders.IdempotencyKey} makes sure that it is done once.",
                away);
        }
    }

    private static Microsoft.AspNetCore.Mvc.ProblemDetails Reused(HttpContext context, KeyReused reused)
    {
        var problem = Problem.Invalid(
            context,
            StatusCodes.Status422UnprocessableEntity,
            [(CommandHeaders.IdempotencyKey,
                $"'{reused.Key}' stands for another request, command {reused.CommandId}: use a new key")]);
        problem.Type = "urn:problem:idempotency-key-reused";
        return problem;
    }
}
