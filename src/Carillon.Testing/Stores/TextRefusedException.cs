using System.Data.Common;

namespace Carillon.Testing.Stores;

/// <summary>The database cannot hold a text, today or tomorrow.</summary>
internal sealed class TextRefusedException() : DbException("invalid byte sequence for encoding \"UTF8\"")
{
    /// <inheritdoc/>
    public override bool IsTransient => false;

    /// <inheritdoc/>
    public override string SqlState => "22021";
}
