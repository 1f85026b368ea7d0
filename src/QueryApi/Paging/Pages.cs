using Commerce.Contracts;
using QueryApi.Consistency;

namespace QueryApi.Paging;

/// <summary>Cuts pages out of what was read.</summary>
internal static class Pages
{
    /// <param name="found">The items of the page and, if there are more, one beyond.</param>
    /// <param name="cursor">Makes the cursor of the next page from the last item of this one.</param>
    public static Reading<Page<TItem>> AsPage<TItem>(
        this Reading<List<TItem>> found, int limit, Func<TItem, string> cursor)
    {
        var items = found.Value!;
        var more = items.Count > limit;
        if (more)
            items.RemoveRange(limit, items.Count - limit);
        var page = new Page<TItem>(items, more ? cursor(items[^1]) : null);
        return new Reading<Page<TItem>>(page, found.Mark, found.Stale);
    }

    public static Reading<Listing<TItem>> AsListing<TItem>(this Reading<List<TItem>> found) =>
        new(new Listing<TItem>(found.Value!), found.Mark, found.Stale);
}
