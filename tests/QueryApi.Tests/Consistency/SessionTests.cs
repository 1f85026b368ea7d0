using QueryApi.Tests.Running;

namespace QueryApi.Tests.Consistency;

/// <summary>The small version of the run in tests/Chaos/Queries: no kills, fewer clients.</summary>
public sealed class SessionTests(RunningCommerce commerce)
{
    private const int Clients = 40;
    private const int Writes = 5;

    [Fact]
    public async Task Every_client_reads_its_own_writes_and_never_goes_back_at_any_instance()
    {
        await using var other = await RunningQueryApi.Start(
            commerce.Connections, TestContext.Current.CancellationToken);
        var shop = new Shop(RunningCommerce.NewTenant());
        await commerce.Append(Sku(shop));

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var session = new ClientSession(commerce, [commerce.Api, other], shop.Tenant, seed: client);
            for (var write = 0; write < Writes; write++)
                await session.WriteAndRead();
        })));
    }

    private static Commerce.Contracts.ICommerceEvent[] Sku(Shop shop) =>
        [.. Enumerable.Range(0, ClientSession.Skus).Select(i => shop.Registered($"SKU-{i}"))];
}
