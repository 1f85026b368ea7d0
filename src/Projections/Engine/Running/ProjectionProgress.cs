namespace Projections.Engine.Running;

/// <summary>How far a projection is, as this process knows it.</summary>
internal sealed class ProjectionProgress(string name)
{
    private long position;

    public string Name { get; } = name;

    /// <summary>Every event up to here is in the model.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>
    /// The model is at this position now. It may be lower than before: a store can lose what it held.
    /// </summary>
    public void Reached(long reached) => Volatile.Write(ref position, reached);
}
