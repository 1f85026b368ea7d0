using System.Diagnostics;
using Commerce.Contracts;
using CommandLog;
using ServiceDefaults.Http;

namespace CommandApi.Commands;

/// <summary>
/// The way of every command: note it and send it, both or neither; wait for the outcome if the client wants to; answer.
/// </summary>
internal sealed class CommandFlow(ICommandLog log, IMessageSession session)
{
    /// <summary>The most that noting and sending may take before the client is told to come again.</summary>
    private static readonly TimeSpan AcceptWithin = TimeSpan.FromSeconds(8);

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
        if (!status.IsDone && headers.Wait > TimeSpan.Zero)
            status = await log.WaitUntilDone(status.CommandId, headers.Wait, cancellationToken) ?? status;
        return new CommandResult(status, request, Waited: headers.Wait > TimeSpan.Zero);
    }

    private async Task<AcceptResult> Accept(
        ICommerceCommand command, Guid commandId, CommandHeaders headers, CancellationToken cancellationToken)
    {
        var key = headers.Key is null ? null : new IdempotencyKey(headers.Key, CommandIds.Fingerprint(command));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AcceptWithin);
        try
        {
            return await log.Accept(
                new NewCommand(commandId, headers.Tenant, command.GetType().Name, key),
                (id, token) => Send(command, id, headers.User, token),
                limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServiceUnavailableException(
                $"The command could not be noted and sent within {AcceptWithin.TotalSeconds:0} s; try again. "
                + $"An {CommandHeaders.IdempotencyKey} makes sure that it is done once.");
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
