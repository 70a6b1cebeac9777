// Model files as read-only data: src/embedded_models.cpp says what they are.
    .section .rodata
    .balign 64
    .global triaged_task_model_begin
    .global triaged_task_model_end
triaged_task_model_begin:
    .incbin TASK_MODEL
triaged_task_model_end:
    .balign 64
    .global triaged_outcome_model_begin
    .global triaged_outcome_model_end
triaged_outcome_model_begin:
    .incbin OUTCOME_MODEL
triaged_outcome_model_end:
    .section .note.GNU-stack, "", %progbits
