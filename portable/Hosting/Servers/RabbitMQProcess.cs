using Portable.Hosting.Processes;

namespace Portable.Hosting.Servers;

/// <summary>A RabbitMQ node with its epmd, which ends after it.</summary>
internal sealed class RabbitMQProcess : IRunningProcess
{
    private readonly GuardedProcess node;
    private readonly GuardedProcess portMapper;

    public RabbitMQProcess(GuardedProcess node, GuardedProcess portMapper)
    {
        this.node = node;
        this.portMapper = portMapper;
        Exited = EndTogether();
    }

    public int Id => node.Id;

    public Task<int> Exited { get; }

    public async Task Stop()
    {
        await node.Stop();
        await Exited;
    }

    public void Kill() => node.Kill();

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await portMapper.DisposeAsync();
    }

    private async Task<int> EndTogether()
    {
        var code = await node.Exited;
        await portMapper.Stop();
        return code;
    }
}
