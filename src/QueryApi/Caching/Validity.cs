using QueryApi.Consistency;

namespace QueryApi.Caching;

/// <summary>Decides whether a cached answer may stand for the model.</summary>
internal sealed class Validity(Changes changes, Freshness freshness)
{
    /// <summary>
    /// True if the answer shows what the model shows now or more: nothing that it is made of changed up to where the
    /// model is (and to <paramref name="token"/>). False while nobody tells how far the model is.
    /// </summary>
    /// <param name="mark">How fresh the answer is for sure.</param>
    public bool Holds(CachedAnswer answer, long token, out ReadMark mark)
    {
        mark = default;
        if (freshness.Last(answer.Projection) is not { } model
            || freshness.IsBlind
            || model.Storage != answer.Build)
            return false;
        var through = changes.HoldsThrough(answer.Places, answer.Mark.Position);
        if (through < token || through < model.Position || through < freshness.Position(answer.Projection))
            return false;
        mark = new ReadMark(through, model.StalenessNow);
        return true;
    }

    /// <summary>Up to where an answer shows everything, whether or not that is enough.</summary>
    public long Through(CachedAnswer answer) => changes.HoldsThrough(answer.Places, answer.Mark.Position);
}
