using System.CommandLine;
using Cli.Apis;

namespace Cli.Shop;

/// <summary><c>cqrs shop</c>: the demo shopper.</summary>
internal static class ShopCommand
{
    private const int RestockEvery = 20;

    public static Command Create()
    {
        var every = new Option<double>("--every")
        {
            Description = "Seconds between two orders.",
            DefaultValueFactory = _ => 3,
        };
        every.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is <= 0 or > 3600)
                result.AddError("--every takes seconds above 0 and up to 3600");
        });
        var apis = new ApiOptions();
        var command = new Command("shop", "Places an order every few seconds until it is stopped, to see the system at work.")
        {
            every,
        };
        apis.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var commandHttp = HttpClients.For(apis.CommandApi(parsed), apis.Tenant(parsed));
            using var queryHttp = HttpClients.For(apis.QueryApi(parsed), apis.Tenant(parsed));
            var shopper = new Shopper(new CommandClient(commandHttp), new QueryClient(queryHttp), Random.Shared);
            return await Shop(shopper, TimeSpan.FromSeconds(parsed.GetValue(every)), cancellationToken);
        });
        return command;
    }

    private static async Task<int> Shop(Shopper shopper, TimeSpan every, CancellationToken cancellationToken)
    {
        try
        {
            for (var count = 0; ; count++)
            {
                await Tell(() => count % RestockEvery == 0 ? shopper.Stock(cancellationToken) : Task.CompletedTask);
                await Tell(async () =>
                {
                    var purchase = await shopper.Buy(cancellationToken);
                    Console.WriteLine(purchase.Outcome.Done
                        ? $"order {purchase.OrderId}: placed, {purchase.Lines} lines"
                        : $"order {purchase.OrderId}: {purchase.Outcome.Rule}: {purchase.Outcome.Message}");
                });
                await Task.Delay(every, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
    }

    /// <summary>A shop that is closed for a while is no reason for a shopper to give up.</summary>
    private static async Task Tell(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (Exception exception) when (exception is ServiceUnavailableException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
        }
    }
}
