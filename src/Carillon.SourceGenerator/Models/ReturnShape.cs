namespace Carillon.SourceGenerator.Models;

/// <summary>How a handler hands back that it is finished.</summary>
internal enum ReturnShape
{
    /// <summary>By returning.</summary>
    Direct,

    /// <summary>By a <see cref="System.Threading.Tasks.Task"/> or <see cref="System.Threading.Tasks.Task{TResult}"/>.</summary>
    Task,

    /// <summary>By a <c>ValueTask</c> or <c>ValueTask&lt;T&gt;</c>.</summary>
    ValueTask,
}
