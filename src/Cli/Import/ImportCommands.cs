using System.CommandLine;
using Cli.Apis;
using Spectre.Console;

namespace Cli.Import;

/// <summary><c>cqrs import retail|catalog FILE</c>.</summary>
internal static class ImportCommands
{
    private static readonly Option<int> InFlight = Between(
        new("--in-flight") { Description = "Commands under way at once.", DefaultValueFactory = _ => 16 }, 1, 256);

    public static Command Create() =>
        new("import", "Brings files in through the command API. Repeating an import places nothing twice.")
        {
            Retail(),
            Catalog(),
        };

    private static Command Retail()
    {
        var file = FileArgument("Invoice lines: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country.");
        var refused = new Option<bool>("--refused") { Description = "List each refused line with its number." };
        var guest = new Option<string?>("--guest")
        {
            Description = "Customer id for sales that name no customer; without it those lines are refused.",
        };
        var finalWithin = Between(
            new("--final-within")
            {
                Description = "Seconds to wait for orders to be completed or canceled.",
                DefaultValueFactory = _ => 300,
            },
            1,
            86_400);
        var apis = new ApiOptions();
        var command = new Command(
            "retail",
            "Registers the products of an invoice file, receives their stock, places one order per invoice at the " +
            "recorded prices, waits until every order is final and compares the revenue with the file's.")
        {
            file, refused, guest, finalWithin, InFlight, Output.Json,
        };
        apis.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Guarded(async () =>
        {
            var sales = await RetailFile.Read(parsed.GetRequiredValue(file).FullName, parsed.GetValue(guest), cancellationToken);
            using var commandHttp = HttpClients.For(apis.CommandApi(parsed), apis.Tenant(parsed));
            using var queryHttp = HttpClients.For(apis.QueryApi(parsed), apis.Tenant(parsed));
            var queries = new QueryClient(queryHttp);
            var import = new RetailImport(
                new CommandClient(commandHttp), queries, sales, apis.Tenant(parsed), parsed.GetValue(InFlight),
                TimeSpan.FromSeconds(parsed.GetValue(finalWithin)));
            var invoices = await ProgressBars.Show(progress => import.Run(progress, cancellationToken));
            var result = Reconciliation.Of(sales, invoices, await queries.RevenueByCountry(cancellationToken));

            if (parsed.GetValue(Output.Json))
                Output.WriteJson(new { result, refused = parsed.GetValue(refused) ? sales.Refused : null });
            else
            {
                if (parsed.GetValue(refused))
                    ReconciliationReport.WriteRefused(AnsiConsole.Console, sales.Refused);
                ReconciliationReport.Write(AnsiConsole.Console, result);
            }

            return result.Balanced ? ExitCodes.Success : ExitCodes.Failed;
        }));
        return command;
    }

    private static Command Catalog()
    {
        var file = FileArgument("A JSON array of products: Id, Type, Brand, Name, Description, Price.");
        var stock = Between(
            new("--stock") { Description = "Opening stock of each product.", DefaultValueFactory = _ => 100 }, 0, 1_000_000);
        var apis = new ApiOptions();
        var command = new Command("catalog", "Registers the products of a catalog file.") { file, stock, InFlight, Output.Json };
        apis.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Guarded(async () =>
        {
            var (entries, fingerprint) = await CatalogImport.Read(parsed.GetRequiredValue(file).FullName, cancellationToken);
            using var http = HttpClients.For(apis.CommandApi(parsed), apis.Tenant(parsed));
            var import = new CatalogImport(
                new CommandClient(http), entries, fingerprint, parsed.GetValue(stock), parsed.GetValue(InFlight));
            var result = await ProgressBars.Show(progress => import.Run(progress, cancellationToken));
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(result);
            else
            {
                AnsiConsole.Console.WriteLine($"{result.Read} products read, {result.Registered} registered.");
                foreach (var entry in result.Refused)
                    AnsiConsole.Console.WriteLine($"{entry.Sku}: {entry.Rule}: {entry.Message}");
            }

            return result.Refused.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
        }));
        return command;
    }

    /// <summary>Turns what a user can mend into a line on standard error and an exit code.</summary>
    private static async Task<int> Guarded(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
            return ExitCodes.BadInput;
        }
        catch (ServiceUnavailableException exception)
        {
            await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
            return ExitCodes.Unavailable;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cqrs: stopped; the same command goes on where this one ended.");
            return ExitCodes.Interrupted;
        }
    }

    private static Argument<FileInfo> FileArgument(string description)
    {
        var argument = new Argument<FileInfo>("FILE") { Description = description };
        return argument.AcceptExistingOnly();
    }

    private static Option<int> Between(Option<int> option, int from, int to)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out var value) && (value < from || value > to))
                result.AddError($"{option.Name} takes a number from {from} to {to}, was {value}");
        });
        return option;
    }
}
