using System.Diagnostics;
using System.Globalization;
using Servers;

namespace Projections.Tests.Engine;

/// <summary>The program itself, as the app host starts it.</summary>
public sealed class ProcessTests(TestServers servers)
{
    [Fact]
    public async Task When_the_writing_process_is_killed_another_takes_over()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var broker = await servers.NewVirtualHost(TestContext.Current.CancellationToken);
        var management = (await servers.RabbitMQ(TestContext.Current.CancellationToken)).Endpoint("management");
        using var first = Start(harness, broker, management);
        using var second = Start(harness, broker, management);
        try
        {
            var order = Guid.CreateVersion7();
            await harness.WaitFor("order-details", await harness.Append(
                Shop.Placed(order, lines: Shop.Line("A", 1, 10m))));
            var writer = await Writer(harness);
            var (killed, heir) = writer == first.Id ? (first, second) : (second, first);

            killed.Kill();
            await harness.WaitFor("order-details", await harness.Append(Shop.Confirmed(order)));

            await ReadModelsHarness.Until(async () => await Writer(harness) == heir.Id, "The other is not the writer");
            Assert.Equal("confirmed", await harness.Scalar<string>("SELECT status FROM read.orders"));
        }
        finally
        {
            foreach (var process in (Process[])[first, second])
            {
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>The process that fills the order details; it says so with its first sign of life.</summary>
    private static async Task<int> Writer(ReadModelsHarness harness)
    {
        string? writer = null;
        await ReadModelsHarness.Until(
            async () => (writer = await harness.Scalar<string>(
                "SELECT writer FROM projections.checkpoints WHERE projection = 'order-details'")) is not null,
            "Nobody says that it is the writer");
        return int.Parse(writer!.Split('/')[1], CultureInfo.InvariantCulture);
    }

    private static Process Start(ReadModelsHarness harness, string broker, Uri management)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Projections.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--store", "postgres"])
        {
            Environment =
            {
                ["ConnectionStrings__commerce"] = harness.CommerceConnection,
                ["ConnectionStrings__readmodels"] = harness.ReadModelsConnection,
                ["ConnectionStrings__rabbitmq"] = broker,
                ["services__rabbitmq__management__0"] = management.AbsoluteUri,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
            },
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}
